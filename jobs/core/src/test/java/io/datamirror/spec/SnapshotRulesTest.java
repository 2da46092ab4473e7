package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.testing.SampleSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotRulesTest {

  private static final String DATABASE =
      "snapshot: { type: jdbc, url: \"jdbc:h2:./d\", user: sa, password: \"${env:P}\" }";

  private static String spec(String source, String table) {
    return """
        mirror: shop
        source:
          %s
        lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
        tables:
          - name: items
            source: shop.items
            primary-key: [id]
            format: json
            schema: { id: long, v: long, t: timestamp }
        %s
        """
        .formatted(source.replace("\n", "\n  "), table);
  }

  private static String kafka(String more) {
    return "type: kafka\nbootstrap-servers: \"localhost:9092\"\n" + more;
  }

  private static List<String> problems(String source, String table) {
    return SampleSpec.problemsOf(spec(source, table));
  }

  @Test
  void aDatabaseOfBaseTablesIsReadByJdbc() {
    MirrorSpec mirror =
        SpecReader.read(
            spec(kafka(DATABASE.replace(" }", ", overlap: 2h }")), "    snapshot: ITEMS"));

    SnapshotSource snapshot = mirror.source().snapshot();
    assertThat(snapshot.database().type()).isEqualTo(SourceType.JDBC);
    assertThat(snapshot.database().url()).hasToString("jdbc:h2:./d");
    assertThat(snapshot.database().password()).hasToString("${env:P}");
    assertThat(snapshot.overlap()).isEqualTo(Lateness.of(Duration.ofHours(2)));
    assertThat(mirror.tables().get(0).snapshot()).isEqualTo("ITEMS");
  }

  @Test
  void allThatIsWrongWithADatabaseOfBaseTablesIsSaidAtOnce() {
    String database =
        """
        snapshot:
          type: files
          url: jdbc:postgresql://db/shop?password=x
          user: me
          properties: { user: you }
          overlap: -1h
          fetch-size: 10""";

    assertThat(problems(kafka(database), "    snapshot: ITEMS"))
        .containsExactlyInAnyOrder(
            "MIRROR-1004 source.snapshot.type (line 6): \"files\" is not a value of this key. Write"
                + " one of jdbc.",
            "MIRROR-1011 source.snapshot.url (line 7): the URL holds a secret in clear text. Take"
                + " it out of the URL, and write it as password: or under properties: with"
                + " ${env:NAME}.",
            "MIRROR-1006 source.snapshot.properties (line 9): user is given here and as"
                + " source.snapshot.user. Keep source.snapshot.user.",
            "MIRROR-1004 source.snapshot.overlap (line 10): \"-1h\" is not a duration. Write a whole"
                + " number and ms, s, m, h or d, for example 30s.",
            "MIRROR-1002 source.snapshot.fetch-size (line 11): this key does not exist. Move it to"
                + " source.");
  }

  @Test
  void aDatabaseOfBaseTablesNeedsTypeAndUrl() {
    assertThat(problems(kafka("snapshot: { user: sa }"), "    snapshot: ITEMS"))
        .containsExactly(
            "MIRROR-1003 source.snapshot.type (line 5): this key is missing. Add it, for example"
                + " type: jdbc",
            "MIRROR-1003 source.snapshot.url (line 5): this key is missing. Add it, for example url:"
                + " jdbc:h2:./data/warehouse");
  }

  @Test
  void aDatabaseOfBaseTablesIsLookedAtBeforeTheTypeOfTheSourceIsKnown() {
    assertThat(problems("type: kafak\nsnapshot: { type: jdbc }", "    snapshot: ITEMS"))
        .contains(
            "MIRROR-1003 source.snapshot.url (line 4): this key is missing. Add it, for example url:"
                + " jdbc:h2:./data/warehouse")
        .anyMatch(problem -> problem.startsWith("MIRROR-1004 source.type (line 3)"));
  }

  @Test
  void aBaseTableNeedsADatabaseAndADatabaseABaseTable() {
    assertThat(problems(kafka("settle: 1s"), "    snapshot: ITEMS"))
        .containsExactly(
            "MIRROR-1003 tables[0].snapshot (line 13): the source does not say which database base"
                + " tables are in. Add it to the source, for example snapshot: { type: jdbc, url:"
                + " \"jdbc:postgresql://db/shop\" }");
    assertThat(problems(kafka(DATABASE), ""))
        .containsExactly(
            "MIRROR-1006 source.snapshot (line 5): no table has a base table that is read there. Add"
                + " snapshot: with its base table to a table, or take this out.");
  }

  @Test
  void onlyTopicsHaveADatabaseOfBaseTables() {
    assertThat(problems("type: files\npath: ./d\n" + DATABASE, "    snapshot: ITEMS"))
        .containsExactly(
            "MIRROR-1006 source.snapshot (line 5): a source of type files has no snapshot. Take"
                + " snapshot: out.",
            "MIRROR-1006 tables[0].snapshot (line 13): a source of type files has no snapshot. Take"
                + " snapshot: out.");
    assertThat(problems("type: jdbc\nurl: \"jdbc:h2:./d\"\n" + DATABASE, ""))
        .contains(
            "MIRROR-1006 source.snapshot (line 5): a source of type jdbc has no snapshot. Take"
                + " snapshot: out.");
  }

  @Test
  void aTableThatMayBeReadAnewHasABaseTableVersionsAndTimes() {
    String anew = kafka(DATABASE + "\non-history-lost: snapshot");
    String other =
        """
          - name: other
            source: shop.other
            primary-key: [id]
            format: json
            schema: { id: long, v: long }
            version: [v]""";

    assertThat(problems(anew, "    snapshot: ITEMS\n    allowed-lateness: 7d\n" + other.indent(2)))
        .containsExactlyInAnyOrder(
            "MIRROR-1006 tables[0].version (line 9): on-history-lost: snapshot needs a version: no"
                + " offset says whether a row that is read anew is newer than that of the lake. Add"
                + " version: with the columns that do, or write on-history-lost: stop.",
            "MIRROR-1006 tables[0].timestamp (line 9): rows of a base table have no time of a"
                + " record, which allowed-lateness goes by. Declare the timestamp of the rows, or"
                + " leave allowed-lateness out.",
            "MIRROR-1006 tables[1].snapshot (line 16): on-history-lost: snapshot needs a base table"
                + " to read again. Add snapshot: with the base table, or write on-history-lost:"
                + " stop.");
    assertThat(
            SpecReader.read(
                    spec(
                        anew,
                        "    snapshot: ITEMS\n    version: [v]\n    timestamp: t\n"
                            + "    allowed-lateness: 7d"))
                .source()
                .onHistoryLost())
        .isEqualTo(OnHistoryLost.SNAPSHOT);
  }
}
