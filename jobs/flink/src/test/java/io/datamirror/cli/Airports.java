package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.demo.DemoChanges;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.ExpectedTable;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Five real tables that live in a warehouse as their history goes on, and a mirror of them, run by
 * the command line up to now, again and again.
 */
final class Airports {

  private static final int MOST_CHANGES =
      Integer.getInteger("warehouse.changes", Integer.MAX_VALUE);

  private final Map<DemoTable, VersionedTable> tables = new EnumMap<>(DemoTable.class);
  private final Map<DemoTable, Iterator<List<DemoChanges.Change>>> coming =
      new EnumMap<>(DemoTable.class);
  private final String spec;

  /** What a warehouse calls the types of the columns. */
  record Types(String whole, String number, String text) {}

  /**
   * @param source the part of a spec that speaks of the source
   * @param prefix what comes before a table's name there
   */
  Airports(VersionedTables warehouse, Types types, Path directory, String source, String prefix)
      throws SQLException, IOException {
    for (DemoTable table : DemoTable.values()) {
      DemoChanges changes = DemoChanges.of(table, MOST_CHANGES);
      List<Column> columns = new ArrayList<>();
      for (String name : changes.columns()) {
        columns.add(column(types, name));
      }
      tables.put(table, warehouse.create(table.lakeName(), columns, List.of("id")));
      coming.put(table, changes.commits().values().iterator());
    }
    spec =
        Files.writeString(directory.resolve("airports.yaml"), text(directory, source, prefix))
            .toString();
  }

  private static Column column(Types types, String name) {
    return switch (DemoChanges.type(name)) {
      case "WHOLE" -> new Column(name, types.whole(), "BIGINT", !name.equals("id"));
      case "NUMBER" -> new Column(name, types.number(), "DOUBLE PRECISION", true);
      default -> new Column(name, types.text(), "VARCHAR", true);
    };
  }

  private static String text(Path directory, String source, String prefix) {
    StringBuilder text = new StringBuilder("mirror: airports\nsource:\n").append(source.indent(2));
    text.append(
        """
        lake:
          catalog: { type: jdbc, uri: "jdbc:sqlite:%s/lake/catalog.db", warehouse: %s/lake }
          namespace: airports
        tables:
        """
            .formatted(directory, directory));
    for (DemoTable table : DemoTable.values()) {
      String name = table.lakeName();
      text.append("  - { name: %s, source: %s%s, feed: native }%n".formatted(name, prefix, name));
    }
    return text.toString();
  }

  String spec() {
    return spec;
  }

  VersionedTable table(DemoTable table) {
    return tables.get(table);
  }

  /** The next commits of every table happen. */
  void happen(int most) throws SQLException {
    for (DemoTable table : DemoTable.values()) {
      Iterator<List<DemoChanges.Change>> commits = coming.get(table);
      for (int i = 0; i < most && commits.hasNext(); i++) {
        List<DemoChanges.Change> commit = commits.next();
        tables.get(table).commit(writer -> apply(writer, commit));
      }
    }
  }

  private static void apply(VersionedTable.Writer writer, List<DemoChanges.Change> commit)
      throws SQLException {
    for (DemoChanges.Change change : commit) {
      if (change.delete()) {
        writer.delete("id", change.id());
      } else if (!writer.update("id", change.id(), change.row().toArray())) {
        writer.insert(change.row().toArray());
      }
    }
  }

  /** Mirrors up to now, from what the lake knows. */
  void mirror(int parallelism) {
    assertDone(
        Cli.run(
            "run",
            "--spec",
            spec,
            "--until",
            "now",
            "-D",
            "execution.checkpointing.interval=500ms",
            "-D",
            "parallelism.default=" + parallelism));
  }

  void assertEqual() {
    assertThat(assertDone(Cli.run("verify", "--spec", spec)).out().lines())
        .hasSize(DemoTable.values().length)
        .allMatch(line -> line.startsWith("equal"));
  }

  /** All that happened is in the lake: a mirror that stands still is equal to the past. */
  void assertComplete() throws IOException {
    if (MOST_CHANGES == Integer.MAX_VALUE) {
      assertComplete(spec);
    }
  }

  /** The same for a mirror of the five tables, whoever wrote its spec. */
  static void assertComplete(String spec) throws IOException {
    LakeSpec lake = SpecReader.read(Files.readString(Path.of(spec))).lake();
    try (LakeCatalog catalog = LakeCatalog.open(lake, SecretSource.ofProcess())) {
      for (DemoTable table : DemoTable.values()) {
        assertThat(ExpectedTable.of(table).differing(catalog.load(table.lakeName())))
            .as(table.lakeName())
            .isEmpty();
      }
    }
  }

  static Cli.Result assertDone(Cli.Result result) {
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    return result;
  }
}
