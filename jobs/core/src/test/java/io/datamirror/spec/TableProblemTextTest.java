package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.spec.testing.SampleSpec;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that can be wrong with a table, and the words in which it is said. */
class TableProblemTextTest {
  private static final String ADD = ": this key is missing. Add it, for example ";
  private static final String RANK = " The lake must know the rank of every row.";

  static Stream<Arguments> keys() {
    return Stream.of(
        arguments(
            "name: orders",
            "behavior: record",
            "1003 tables[0].name (line 9)" + ADD + "name: regions"),
        arguments(
            "    source: PUBLIC.ORDERS_CHANGES\n",
            "",
            "1003 tables[0].source (line 9)" + ADD + "source: PUBLIC.REGIONS_CHANGES"),
        arguments(
            "PUBLIC.ORDERS_CHANGES",
            "''",
            "1004 tables[0].source (line 10): the text is empty. Write it, or take the key out."),
        arguments(
            "    feed: change-table\n",
            "",
            "1003 tables[0].feed (line 9)" + ADD + "feed: change-table"),
        arguments(
            "feed: change-table",
            "feed: native",
            "1006 tables[0].feed (line 11): a source of type jdbc has no native feed. Write feed:"
                + " change-table or feed: incremental."),
        arguments(
            "    primary-key: [id]\n",
            "",
            "1020 tables[0].primary-key (line 9): the table has no primary key. Add the columns"
                + " that identify a row, for example primary-key: [id]"),
        arguments(
            "primary-key: [id]",
            "primary-key: []",
            "1020 tables[0].primary-key (line 12): the table has no primary key. Add the columns"
                + " that identify a row, for example primary-key: [id]"),
        arguments(
            "primary-key: [id]",
            "primary-key: [id, id]",
            "1004 tables[0].primary-key[1] (line 12): \"id\" stands here twice. Keep one."),
        arguments(
            "primary-key: [id]",
            "primary-key: { id: x }",
            "1004 tables[0].primary-key (line 12): here stands a mapping where a list must be."
                + " Write a list of columns in brackets, or one per line after a dash."),
        arguments(
            "    cursor: change_id\n",
            "",
            "1003 tables[0].cursor (line 9): a change-table needs a cursor. Add it, for example"
                + " cursor: _change_id"),
        arguments(
            "version: [revision]",
            "version: [_change_request_type]",
            "1006 tables[0].version (line 13): the column \"_change_request_type\" is the"
                + " operation, which is never stored. Name another column."
                + RANK));
  }

  static Stream<Arguments> moreKeys() {
    return Stream.of(
        arguments(
            "columns: { exclude: [id] }",
            "1006 tables[0].primary-key (line 12): the column \"id\" is excluded from the lake."
                + " Take it out of columns.exclude."),
        arguments(
            "columns: { exclude: [revision] }",
            "1006 tables[0].version (line 13): the column \"revision\" is excluded from the lake."
                + " Take it out of columns.exclude."
                + RANK),
        arguments(
            "columns: { include: [id] }",
            "1006 tables[0].version (line 13): the column \"revision\" is not among the included"
                + " ones. Add it to columns.include."
                + RANK),
        arguments(
            "order: revision",
            "1006 tables[0].order (line 15): the order column is a version column already. Take"
                + " order: out, or name another column."),
        arguments(
            "{ order: n, columns: { exclude: [n] } }",
            "1006 tables[0].order (line 15): the column \"n\" is excluded from the lake. Take it"
                + " out of columns.exclude."
                + RANK),
        arguments(
            "behavior: time-series",
            "1003 tables[0].timestamp (line 9): a time-series needs a timestamp. Add the column"
                + " that holds the time of an event, for example timestamp: event_time"),
        arguments(
            "{ behavior: time-series, timestamp: at }",
            "1006 tables[0].primary-key (line 12): the primary key of a time-series must hold its"
                + " timestamp \"at\". Add the timestamp to primary-key, or write behavior:"
                + " record."),
        arguments(
            "snapshot: PUBLIC.ORDERS_CHANGES",
            "1006 tables[0].snapshot (line 15): the snapshot is the table of changes itself. Name"
                + " the base table, or take snapshot: out."),
        arguments(
            "transaction: xid",
            "1006 tables[0].transaction (line 15): transaction works on PostgreSQL only. Take"
                + " transaction: out, and make settle: longer than any writing transaction."),
        arguments(
            "columns: { include: [id, revision, a], exclude: [a] }",
            "1006 tables[0].columns (line 15): the column \"a\" is both included and excluded."
                + " Take it out of one list."),
        arguments(
            "columns: { include: [id, revision, _change_request_type] }",
            "1006 tables[0].columns (line 15): the operation column is included, and it is never"
                + " stored. Take it out of columns.include."),
        arguments(
            "columns: { exclude: [a], rename: { a: b } }",
            "1006 tables[0].columns (line 15): the column \"a\" is excluded from the lake. Take it"
                + " out of columns.exclude."),
        arguments(
            "columns: { exclude: [a], cast: { a: int } }",
            "1006 tables[0].columns (line 15): the column \"a\" is excluded from the lake. Take it"
                + " out of columns.exclude."),
        arguments(
            "columns: { rename: { a: id } }",
            "1006 tables[0].columns (line 15): the columns \"id\" and \"a\" would both be called"
                + " \"id\". Rename one of them to another name."),
        arguments(
            "columns: { rename: { a: x, b: x } }",
            "1006 tables[0].columns (line 15): the columns \"a\" and \"b\" would both be called"
                + " \"x\". Rename one of them to another name."),
        arguments(
            "columns: { rename: { a: '' } }",
            "1004 tables[0].columns.rename.a (line 15): the text is empty. Write it, or take the"
                + " key out."),
        arguments(
            "columns: { cast: { a: varchar } }",
            "1004 tables[0].columns.cast.a (line 15): \"varchar\" is not a type. Write one of"
                + " boolean, int, long, float, double, date, time, timestamp, timestamptz, string,"
                + " binary or decimal(precision, scale)."),
        arguments(
            "columns: { cast: { a: \"decimal(39, 2)\" } }",
            "1004 tables[0].columns.cast.a (line 15): \"decimal(39, 2)\" is not a type. Write one"
                + " of boolean, int, long, float, double, date, time, timestamp, timestamptz,"
                + " string, binary or decimal(precision, scale)."),
        arguments(
            "columns: { cast: { id: double } }",
            "1022 tables[0].columns (line 15): the key column \"id\" is cast to a floating-point"
                + " number. Cast it to decimal(precision, scale), long or string."),
        arguments(
            "columns: { cast: { revision: binary } }",
            "1023 tables[0].columns (line 15): the version column \"revision\" is cast to a type"
                + " without order. Cast it to a number or a timestamp."),
        arguments(
            "columns: { exlude: [a] }",
            "1002 tables[0].columns.exlude (line 15): this key does not exist. Did you mean"
                + " exclude?"),
        arguments(
            "{ partition-by: [a], columns: { exclude: [a] } }",
            "1006 tables[0].partition-by (line 15): the column \"a\" is excluded from the lake."
                + " Take it out of columns.exclude."),
        arguments(
            "partition-by: [year(a), day(a)]",
            "1006 tables[0].partition-by (line 15): the column \"a\" is partitioned twice by one"
                + " kind. Keep one of the two, the finer one."),
        arguments(
            "relationships: [{ column: a, references: x.id, cardinality: \"M:1\" }]",
            "1004 tables[0].relationships (line 15): no table of this spec is called \"x\". Mirror"
                + " that table too, or take the relationship out."),
        arguments(
            "relationships: [{ column: a, references: orders.op, cardinality: \"M:1\" }]", null),
        arguments(
            "{ operation: op, relationships:"
                + " [{ column: a, references: orders.op, cardinality: \"M:1\" }] }",
            "1006 tables[0].relationships (line 16): the column \"orders.op\" is not stored in the"
                + " lake. Store it in that table, or take the relationship out."),
        arguments(
            "relationships: [{ column: a, references: orders, cardinality: \"M:1\" }]",
            "1004 tables[0].relationships[0].references (line 15): \"orders\" is not a table and a"
                + " column. Write table.column, for example countries.code."),
        arguments(
            "relationships: [{ references: orders.id, cardinality: \"M:1\" }]",
            "1003 tables[0].relationships[0].column (line 15)" + ADD + "column: iso_country"),
        arguments(
            "relationships:"
                + " [{ column: a, columns: [b], references: orders.id, cardinality: \"M:1\" }]",
            "1006 tables[0].relationships[0].columns (line 15): column and columns exclude each"
                + " other. Keep one of them."),
        arguments(
            "relationships:"
                + " [{ columns: [a, b], references: orders.id, cardinality: \"M:1\" }]",
            "1006 tables[0].relationships[0].references (line 15): the columns are 2 and what they"
                + " refer to are 1. Name one referenced column for each column."),
        arguments(
            "relationships:"
                + " [{ columns: [a, b], references: [orders.id, x.y], cardinality: \"M:1\" }]",
            "1006 tables[0].relationships[0].references (line 15): one relationship refers to more"
                + " than one table. Write a relationship for each table."),
        arguments(
            "relationships: [{ column: a, references: orders.id }]",
            "1003 tables[0].relationships[0].cardinality (line 15)" + ADD + "cardinality: \"M:1\""),
        arguments(
            "relationships: [{ column: a, references: orders.id, cardinality: \"M:N\" }]",
            "1004 tables[0].relationships[0].cardinality (line 15): \"M:N\" is not a value of this"
                + " key. Write one of 1:1, M:1, 1:0, M:0."),
        arguments(
            "relationships: orders",
            "1004 tables[0].relationships (line 15): here stands a single value where a list must"
                + " be. Write a list of relationships in brackets, or one per line after a dash."),
        arguments(
            "allowed-lateness: 7",
            "1005 tables[0].allowed-lateness (line 15): \"7\" has no unit. Write a whole number and"
                + " ms, s, m, h or d, for example 30s."),
        arguments(
            "on-bad-row: skip",
            "1004 tables[0].on-bad-row (line 15): \"skip\" is not a value of this key. Write one of"
                + " ledger, stop."),
        arguments(
            "on-schema-change: evolve",
            "1004 tables[0].on-schema-change (line 15): \"evolve\" is not a value of this key."
                + " Write one of add-columns, ignore, stop."),
        arguments(
            "behavior: event",
            "1004 tables[0].behavior (line 15): \"event\" is not a value of this key. Write one of"
                + " record, time-series."),
        arguments(
            "on_error: stop",
            "1002 tables[0].on_error (line 15): this key does not exist. Write on-bad-row"
                + " instead."));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void eachProblemIsSaidInFull(String part, String replacement, String expected) {
    assertThat(SampleSpec.CORRECT.with(part, replacement).problems())
        .containsExactly("MIRROR-" + expected);
  }

  @ParameterizedTest
  @MethodSource("moreKeys")
  void eachProblemOfAFurtherKeyIsSaidInFull(String line, String expected) {
    SampleSpec spec = SampleSpec.CORRECT.withTableKeys(flowless(line));
    if (expected == null) {
      assertThat(spec.problems()).isEmpty();
    } else {
      assertThat(spec.problems()).containsExactly("MIRROR-" + expected);
    }
  }

  /** Keys in braces stand on lines of their own in a block. */
  private static String[] flowless(String line) {
    if (!line.startsWith("{ ")) {
      return new String[] {line};
    }
    String inside = line.substring(2, line.length() - 2);
    int comma = inside.indexOf(',');
    return new String[] {inside.substring(0, comma), inside.substring(comma + 2)};
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "days(a)",
        "bucket(a)",
        "bucket(0, a)",
        "bucket(9999999, a)",
        "bucket(-1, a)",
        "truncate(a, 4)",
        "year()",
        "void(a)",
        "YEAR(a)"
      })
  void whatIsNoPartitionIsRefused(String text) {
    assertThat(SampleSpec.CORRECT.withTableKeys("partition-by: [\"" + text + "\"]").problems())
        .containsExactly(
            "MIRROR-1004 tables[0].partition-by[0] (line 15): \""
                + text
                + "\" is not a partition. Write a column, bucket(8, column), truncate(4, column),"
                + " or year(column), month(column), day(column), hour(column).");
  }

  @Test
  void anIncrementalFeedNeedsSomethingToAdvanceBy() {
    SampleSpec incremental =
        SampleSpec.CORRECT
            .with("feed: change-table", "feed: incremental")
            .with("    cursor: change_id\n", "");

    assertThat(incremental.problems()).isEmpty();
    assertThat(incremental.with("[revision]", "[revision, part]").problems())
        .containsExactly(
            "MIRROR-1003 tables[0].cursor (line 9): an incremental feed needs a cursor, or one"
                + " version column to take for it. Add it, for example cursor: updated_at");
  }

  @Test
  void anIncrementalFeedHasNoSnapshot() {
    assertThat(
            SampleSpec.CORRECT
                .with("feed: change-table", "feed: incremental\n    snapshot: PUBLIC.ORDERS")
                .problems())
        .containsExactly(
            "MIRROR-1006 tables[0].snapshot (line 12): an incremental feed reads the base table"
                + " already. Take snapshot: out, or read a table of changes with feed:"
                + " change-table.");
  }

  @Test
  void onlyABaseTableCanBeReadAgain() {
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "type: jdbc\n  on-history-lost: snapshot")
                .problems())
        .containsExactly(
            "MIRROR-1006 tables[0].snapshot (line 10): on-history-lost: snapshot needs a base table"
                + " to read again. Add snapshot: with the base table, or write on-history-lost:"
                + " stop.");
  }

  @Test
  void aTableThatMayBeReadAgainDoesNotLetRowsBeatTheirDeletion() {
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "type: jdbc\n  on-history-lost: snapshot")
                .withTableKeys("snapshot: PUBLIC.ORDERS", "tie: upsert-wins")
                .problems())
        .containsExactly(
            "MIRROR-1006 tables[0].tie (line 17): on-history-lost: snapshot cannot delete what the"
                + " base table no longer has, since by tie: upsert-wins a row beats its own"
                + " deletion. Write tie: delete-wins, or on-history-lost: stop.");
  }

  @Test
  void incrementalFeedsAloneReadNothingAgain() {
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "type: jdbc\n  on-history-lost: snapshot")
                .with("feed: change-table", "feed: incremental")
                .problems())
        .containsExactly(
            "MIRROR-1006 source.on-history-lost (line 4): no table has a history that could be"
                + " lost: those of an incremental feed have none. Write on-history-lost: stop.");
  }

  @Test
  void anIncrementalFeedHasNoTransaction() {
    assertThat(
            SampleSpec.CORRECT
                .with("jdbc:h2:./data/shop", "jdbc:postgresql://h/shop")
                .with("feed: change-table", "feed: incremental")
                .withTableKeys("transaction: xid")
                .problems())
        .containsExactly(
            "MIRROR-1006 tables[0].transaction (line 15): an incremental feed would miss every"
                + " update: a row that changes keeps the number of the transaction that inserted"
                + " it. Take transaction: out, and make settle: longer than any writing"
                + " transaction. Or read a table of changes, with feed: change-table. What was"
                + " mirrored before needs another name then.");
  }

  @Test
  void theTransactionIsNotTheCursor() {
    assertThat(
            SampleSpec.CORRECT
                .with("jdbc:h2:./data/shop", "jdbc:postgresql://h/shop")
                .withTableKeys("transaction: change_id")
                .problems())
        .containsExactly(
            "MIRROR-1006 tables[0].transaction (line 15): the transaction column is the cursor too."
                + " Name two columns: the transaction, and the cursor that orders changes in it.");
  }

  @Test
  void aContradictionWithTheDefaultsIsReportedAtTheTable() {
    assertThat(
            SampleSpec.CORRECT
                .with("tables:", "defaults: { columns: { exclude: [revision] } }\ntables:")
                .problems())
        .containsExactly(
            "MIRROR-1006 tables[0].version (line 14): the column \"revision\" is excluded from the"
                + " lake. Take it out of columns.exclude."
                + RANK);
  }
}
