package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.Lateness;
import io.datamirror.spec.OnBadRow;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Specs for tests: the least that a table needs, and what a test changes. */
final class Specs {

  private final FeedKind feed;
  private final String source;
  private List<String> key = List.of("id");
  private List<String> version = List.of("v");
  private String timestamp;
  private String operation;
  private String order;
  private String cursor = "seq";
  private String transaction;
  private String snapshot;
  private Behavior behavior = Behavior.RECORD;
  private Lateness lateness = Lateness.FOREVER;
  private ColumnsSpec columns = ColumnsSpec.ALL;
  private TieRule tie = TieRule.DELETE_WINS;

  private Specs(FeedKind feed, String source) {
    this.feed = feed;
    this.source = source;
  }

  static Specs changeTable(String source) {
    return new Specs(FeedKind.CHANGE_TABLE, source);
  }

  static Specs incremental(String source) {
    return new Specs(FeedKind.INCREMENTAL, source);
  }

  Specs key(String... names) {
    key = List.of(names);
    return this;
  }

  Specs version(String... names) {
    version = List.of(names);
    return this;
  }

  Specs timestamp(String name) {
    timestamp = name;
    return this;
  }

  Specs operation(String name) {
    operation = name;
    return this;
  }

  Specs order(String name) {
    order = name;
    return this;
  }

  Specs cursor(String name) {
    cursor = name;
    return this;
  }

  Specs transaction(String name) {
    transaction = name;
    return this;
  }

  Specs snapshot(String table) {
    snapshot = table;
    return this;
  }

  Specs timeSeries() {
    behavior = Behavior.TIME_SERIES;
    return this;
  }

  Specs lateness(Duration limit) {
    lateness = Lateness.of(limit);
    return this;
  }

  Specs include(String... names) {
    columns = new ColumnsSpec(List.of(names), columns.exclude(), columns.rename(), columns.cast());
    return this;
  }

  Specs exclude(String... names) {
    columns = new ColumnsSpec(columns.include(), List.of(names), columns.rename(), columns.cast());
    return this;
  }

  Specs rename(String from, String to) {
    columns =
        new ColumnsSpec(columns.include(), columns.exclude(), Map.of(from, to), columns.cast());
    return this;
  }

  Specs cast(Map<String, ColumnType> types) {
    columns = new ColumnsSpec(columns.include(), columns.exclude(), columns.rename(), types);
    return this;
  }

  Specs upsertWins() {
    tie = TieRule.UPSERT_WINS;
    return this;
  }

  TableSpec build() {
    return new TableSpec(
        "mirrored",
        source,
        feed,
        behavior,
        key,
        version,
        timestamp,
        operation,
        order,
        cursor,
        transaction,
        snapshot,
        columns,
        List.of(),
        List.of(),
        OnSchemaChange.ADD_COLUMNS,
        OnBadRow.LEDGER,
        lateness,
        tie,
        7);
  }

  /** A source at {@code url}. */
  static SourceSpec source(String url) {
    return source(url, "sa", "", Map.of());
  }

  static SourceSpec source(
      String url, String user, String password, Map<String, SecretText> properties) {
    return new SourceSpec(
        SourceType.JDBC,
        SecretText.parse(url, SecretText.Display.URL).orElseThrow(),
        SecretText.of(user),
        SecretText.parse(password, SecretText.Display.HIDDEN).orElseThrow(),
        properties,
        Duration.ofSeconds(1),
        Duration.ZERO,
        OnHistoryLost.STOP,
        2,
        100,
        Duration.ofMinutes(15),
        25);
  }
}
