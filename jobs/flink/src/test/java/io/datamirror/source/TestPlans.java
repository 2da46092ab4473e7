package io.datamirror.source;

import io.datamirror.feed.Identity;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.Lateness;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.OnBadRow;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Plans over a {@link FakeWarehouse}. */
final class TestPlans {

  static final long POLL_MILLIS = 30_000;

  private TestPlans() {}

  static MirrorPlan plan(FakeWarehouse warehouse, long settleMillis, String... tables) {
    return plan(warehouse, settleMillis, OnHistoryLost.STOP, tables);
  }

  static MirrorPlan plan(
      FakeWarehouse warehouse, long settleMillis, OnHistoryLost policy, String... tables) {
    SourceSpec source =
        new SourceSpec(
            SourceType.JDBC,
            SecretText.of("jdbc:fake"),
            null,
            null,
            Map.of(),
            Duration.ofMillis(POLL_MILLIS),
            Duration.ofMillis(settleMillis),
            policy,
            8,
            100,
            Duration.ofMinutes(15),
            25);
    List<TableSpec> specs = Arrays.stream(tables).map(table -> spec(warehouse, table)).toList();
    LakeSpec lake = new LakeSpec(Map.of(), "lake");
    List<TablePlan> plans =
        specs.stream()
            .map(
                spec ->
                    new TablePlan(
                        spec,
                        new FakeFeed(warehouse.name, spec.name()),
                        new Identity(warehouse.table(spec.name()).identity)))
            .toList();
    return new MirrorPlan(new MirrorSpec(warehouse.name, source, lake, specs), plans, 1);
  }

  /** A table that a query reads: there is no lake. */
  static MirrorPlan query(FakeWarehouse warehouse, String table) {
    MirrorPlan plan = plan(warehouse, 0, table);
    MirrorSpec spec = plan.spec();
    LakeSpec none = new LakeSpec(Map.of(), "");
    return new MirrorPlan(
        new MirrorSpec(spec.mirror(), spec.source(), none, spec.tables()), plan.tables(), 1);
  }

  /** The same mirror, which looks for new changes this often. */
  static MirrorPlan polling(MirrorPlan plan, Duration interval) {
    MirrorSpec spec = plan.spec();
    SourceSpec source = spec.source();
    SourceSpec polled =
        new SourceSpec(
            source.type(),
            source.url(),
            source.user(),
            source.password(),
            source.properties(),
            interval,
            source.settle(),
            source.onHistoryLost(),
            source.connections(),
            source.fetchSize(),
            source.answerTimeout(),
            source.retentionWarningPercent());
    return new MirrorPlan(
        new MirrorSpec(spec.mirror(), polled, spec.lake(), spec.tables()), plan.tables(), 1);
  }

  /** The same mirror, started once more. */
  static MirrorPlan nextStart(MirrorPlan plan) {
    return new MirrorPlan(plan.spec(), plan.tables(), plan.generation() + 1);
  }

  private static TableSpec spec(FakeWarehouse warehouse, String table) {
    return spec(table, warehouse.table(table).hasBase ? table + "_BASE" : null, OnBadRow.LEDGER);
  }

  static TableSpec spec(String table, String snapshot, OnBadRow onBadRow) {
    return new TableSpec(
        table,
        "PUBLIC." + table,
        FeedKind.CHANGE_TABLE,
        Behavior.RECORD,
        List.of("ID"),
        List.of("VERSION"),
        "TIME",
        null,
        null,
        "POSITION",
        null,
        snapshot,
        ColumnsSpec.ALL,
        List.of(),
        List.of(),
        OnSchemaChange.ADD_COLUMNS,
        onBadRow,
        Lateness.FOREVER,
        TieRule.DELETE_WINS,
        1);
  }
}
