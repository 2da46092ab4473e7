package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
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
import io.datamirror.spec.PartitionField;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import io.datamirror.spec.TieRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans of mirrors for tests: tables of an id, a version, a place and a text. */
public final class TestMirror {

  public static final ColumnType LONG = ColumnType.of(Kind.LONG);
  public static final ColumnType STRING = ColumnType.of(Kind.STRING);

  private TestMirror() {}

  /** A lake in a directory, with a catalog on SQLite. */
  public static LakeSpec lake(Path directory) {
    Map<String, SecretText> catalog = new LinkedHashMap<>();
    catalog.put("type", SecretText.of("jdbc"));
    catalog.put("uri", SecretText.of("jdbc:sqlite:" + directory.resolve("catalog.db")));
    catalog.put("warehouse", SecretText.of(directory.resolve("warehouse").toString()));
    return new LakeSpec(catalog, "mirrored");
  }

  public static LakeCatalog catalog(Path directory) {
    return LakeCatalog.initialise(lake(directory), SecretSource.ofProcess());
  }

  /** The columns of {@link #table}: id, version, place, text. */
  public static ChangeLayout layout(String name) {
    List<Column> columns =
        List.of(
            new Column("ID", "id", LONG, true),
            new Column("VERSION", "version", LONG, false),
            new Column("PLACE", "place", STRING, false),
            new Column("TEXT", "text", STRING, false));
    return new ChangeLayout(
        name, columns, List.of(0), List.of(1), -1, -1, ChangeLayout.Tie.DELETE_WINS);
  }

  /** A table of {@link #layout}, unpartitioned or partitioned by fields. */
  public static TablePlan table(String name, PartitionField... partitions) {
    return table(layout(name), partitions);
  }

  public static TablePlan table(ChangeLayout layout, PartitionField... partitions) {
    return table(layout, FeedKind.CHANGE_TABLE, OnSchemaChange.ADD_COLUMNS, partitions);
  }

  /** A table of a feed, with a policy for changes of its columns. */
  public static TablePlan table(
      ChangeLayout layout, FeedKind feed, OnSchemaChange policy, PartitionField... partitions) {
    List<String> key = new ArrayList<>();
    layout.key().forEach(column -> key.add(layout.columns().get(column).source()));
    Map<String, String> rename = new LinkedHashMap<>();
    layout.columns().stream()
        .filter(Column::stored)
        .forEach(column -> rename.put(column.source(), column.name()));
    TableSpec spec =
        new TableSpec(
            layout.table(),
            "SOURCE." + layout.table(),
            feed,
            Behavior.RECORD,
            key,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            new ColumnsSpec(List.of(), List.of(), rename, Map.of()),
            List.of(partitions),
            List.of(),
            policy,
            OnBadRow.LEDGER,
            Lateness.FOREVER,
            TieRule.DELETE_WINS,
            1);
    return new TablePlan(spec, new LaidOutFeed(layout), new Identity("one"));
  }

  public static MirrorPlan plan(LakeSpec lake, long generation, List<TablePlan> tables) {
    return plan("mirror", lake, generation, tables);
  }

  public static MirrorPlan plan(
      String mirror, LakeSpec lake, long generation, List<TablePlan> tables) {
    SourceSpec source =
        new SourceSpec(
            SourceType.JDBC,
            SecretText.of("jdbc:h2:mem:nothing"),
            null,
            null,
            Map.of(),
            Duration.ofSeconds(1),
            Duration.ZERO,
            OnHistoryLost.STOP,
            1,
            1,
            Duration.ofMinutes(15),
            25);
    List<TableSpec> specs = tables.stream().map(TablePlan::spec).toList();
    return new MirrorPlan(new MirrorSpec(mirror, source, lake, specs), tables, generation);
  }
}
