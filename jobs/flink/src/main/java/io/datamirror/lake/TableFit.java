package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.feed.SourceErrors;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** Whether a table that exists in the lake is the one that a mirror means. */
final class TableFit {

  private final String mirror;
  private final String name;
  private final Table table;
  private final List<Problem> problems = new ArrayList<>();

  TableFit(String mirror, String name, Table table) {
    this.mirror = mirror;
    this.name = name;
    this.table = table;
  }

  /**
   * What speaks against one of the mirror's own tables.
   *
   * @param own the columns that it has in this release
   */
  List<Problem> problemsOfOwn(Schema own) {
    if (owned() && !table.schema().sameSchema(own)) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its columns are not those that this release keeps",
          "Use the release that wrote it, or another namespace.");
    }
    return problems;
  }

  /** The same for one that is partitioned by the tables that it speaks of. */
  List<Problem> problemsOfOwn(OwnTable own) {
    problemsOfOwn(own.schema());
    if (problems.isEmpty() && !LakeSchema.partitionedAs(table, own)) {
      problems.add(Problem.of(PartitionChange.error(name)));
    }
    return problems;
  }

  /** What speaks against a mirrored table. */
  List<Problem> problems(TablePlan plan, OnHistoryLost onHistoryLost) {
    if (owned()) {
      checkSource(plan, onHistoryLost);
      checkColumns(plan);
      checkVersion(plan);
      checkCursor(plan);
      checkTimestamp(plan);
      if (problems.isEmpty()) {
        checkPartitions(plan);
      }
    }
    return problems;
  }

  private boolean owned() {
    String owner = table.properties().get(LakeKeys.MIRROR);
    if (owner == null) {
      report(
          ErrorCode.TABLE_NOT_OURS,
          "this table exists in the lake and was not created by a mirror",
          "Choose another name for the table, or another namespace.");
      return false;
    }
    if (!owner.equals(mirror)) {
      report(
          ErrorCode.TABLE_OWNED_BY_ANOTHER,
          "this table belongs to the mirror " + owner,
          "Give each mirror a namespace of its own.");
      return false;
    }
    return true;
  }

  private void checkSource(TablePlan plan, OnHistoryLost onHistoryLost) {
    String source = table.properties().getOrDefault(LakeKeys.SOURCE, "");
    if (!source.isEmpty() && !source.equals(plan.spec().source())) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "it mirrors " + source + ", not " + plan.spec().source(),
          "Choose another name for the table, or mend its source.");
    }
    boolean mayReadAnew =
        onHistoryLost == OnHistoryLost.SNAPSHOT && plan.feed().snapshot() == Snapshot.MOVING;
    if (SourceIdentity.anew(table, plan) && !mayReadAnew) {
      report(
          ErrorCode.SOURCE_TABLE_RECREATED,
          plan.spec().source() + " was dropped and created again since it was mirrored",
          plan.feed().snapshot() == Snapshot.MOVING
              ? SourceErrors.OTHER_TABLE
              : "Drop the table in the lake to mirror the new one from its beginning.");
    }
  }

  private void checkColumns(TablePlan plan) {
    ChangeLayout layout = plan.layout();
    Schema schema = table.schema();
    if (!LakeSchema.keyedAs(table, layout)) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its key is " + schema.identifierFieldNames() + ", not " + LakeSchema.key(layout),
          "A table keeps its key for life: choose another name for the table.");
    } else {
      checkKeyOrder(layout);
    }
    Set<String> stored = new HashSet<>();
    for (Column column : layout.storedColumns()) {
      stored.add(column.name());
      checkColumn(layout, column, plan.spec());
    }
    schema.columns().stream()
        .filter(field -> !stored.contains(field.name()))
        .forEach(field -> checkUnread(field, plan.spec()));
  }

  /**
   * What is remembered of keys, and what the tombstones hold, is found by the values of the key in
   * the order of its columns. Tables of earlier releases do not say.
   */
  private void checkKeyOrder(ChangeLayout layout) {
    String kept = table.properties().getOrDefault(LakeKeys.KEY, "");
    String wanted = TableLaw.key(layout);
    if (!kept.isEmpty() && !kept.equals(wanted)) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its key is " + kept + ", not " + wanted,
          "A table keeps the order of its key for life: write primary-key in that order, with the"
              + " names that the columns have in the source, or choose another name for the table."
              + " If all of its rows were written in the new order, set its property "
              + LakeKeys.KEY
              + " to "
              + wanted
              + ".");
    }
  }

  private void checkUnread(NestedField field, TableSpec spec) {
    if (field.isRequired()) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its column " + field.name() + " is required and not mirrored",
          "Mirror the column, or choose another name for the table.");
    } else if (renamedNow(field.name(), spec)) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "the spec calls its column " + field.name() + " otherwise now",
          "A column keeps its name in the lake: take it out of columns.rename, or choose another name"
              + " for the table.");
    } else if (spec.stores(sourceColumn(field.name(), spec)) && spec.feed() != FeedKind.RECORDS) {
      report(
          ErrorCode.COLUMN_VANISHED,
          "its column " + field.name() + " is no longer in " + spec.source(),
          "Put it back into the source, or name the others in columns: { include: […] }: then the"
              + " lake keeps the column and gives it no more values.");
    }
  }

  private boolean renamedNow(String name, TableSpec spec) {
    String other = spec.columns().rename().get(name);
    return other != null && spec.stores(name) && table.schema().findField(other) == null;
  }

  private static String sourceColumn(String lakeName, TableSpec spec) {
    return spec.columns().rename().entrySet().stream()
        .filter(renamed -> renamed.getValue().equals(lakeName))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(lakeName);
  }

  private void checkColumn(ChangeLayout layout, Column column, TableSpec spec) {
    NestedField field = table.schema().findField(column.name());
    if (field == null && !grows(spec)) {
      report(
          ErrorCode.SCHEMA_CHANGED,
          "the source has a column " + column.name() + " that the table in the lake has not",
          "Exclude the column, or set on-schema-change to add-columns.");
    } else if (field != null && !fits(layout, column, field, spec)) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its column " + column.name() + " is " + field.type() + ", not " + column.type(),
          spec.feed() == FeedKind.RECORDS
              ? "Declare it in schema: with its type in the lake, or choose another name for the"
                  + " table."
              : "Cast the column to its type in the lake, or choose another name for the table.");
    }
  }

  /** What a schema declares is wished for: of records no column comes or goes by itself. */
  private static boolean grows(TableSpec spec) {
    return spec.feed() == FeedKind.RECORDS || spec.onSchemaChange() == OnSchemaChange.ADD_COLUMNS;
  }

  private boolean fits(ChangeLayout layout, Column column, NestedField field, TableSpec spec) {
    Type wanted = LakeSchema.type(column.type());
    boolean partition =
        spec.partitionBy().stream().anyMatch(by -> by.column().equals(column.source()));
    boolean follows =
        grows(spec)
            && !schemaDecides(field)
            && !lawDecides(layout, column)
            && !partition
            && widens(field.type(), wanted);
    return field.type().equals(wanted) || follows;
  }

  private boolean schemaDecides(NestedField field) {
    return table.schema().identifierFieldIds().contains(field.fieldId());
  }

  /**
   * Ranks of a wider type do not compare with those that are remembered: whatever came before would
   * win for ever.
   */
  private static boolean lawDecides(ChangeLayout layout, Column column) {
    int at = layout.columns().indexOf(column);
    return layout.version().contains(at) || layout.order() == at || layout.time() == at;
  }

  /** The same rule as {@link io.datamirror.change.ColumnType#widensTo}, for types of the lake. */
  private static boolean widens(Type from, Type to) {
    if (from instanceof Types.DecimalType narrow && to instanceof Types.DecimalType wide) {
      return narrow.scale() == wide.scale() && narrow.precision() < wide.precision();
    }
    return from.typeId() == Type.TypeID.INTEGER && to.typeId() == Type.TypeID.LONG;
  }

  /** Rows were decided by the old version: the new one cannot say which of two is newer. */
  private void checkVersion(TablePlan plan) {
    String kept = table.properties().getOrDefault(LakeKeys.VERSION, "");
    String wanted = TableLaw.version(plan.layout());
    if (!kept.isEmpty() && !kept.equals(wanted)) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its version is " + kept + ", not " + wanted,
          "A table keeps its version for life: choose another name for the table, and drop this one"
              + " once that is read.");
    }
  }

  /** A value of one column says nothing of where another one was read up to. */
  private void checkCursor(TablePlan plan) {
    if (otherCursor(plan) && !TableHistory.of(table).position().isEmpty()) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its position is one of "
              + cursorText(table.properties().get(LakeKeys.CURSOR))
              + ", not of "
              + cursorText(TableLaw.cursor(plan.spec())),
          otherNameOrProperty(plan));
    }
  }

  private static String otherNameOrProperty(TablePlan plan) {
    String wanted = TableLaw.cursor(plan.spec());
    return wanted.isEmpty()
        ? "Choose another name for the table."
        : "Choose another name for the table. If the column was only renamed, set the property "
            + LakeKeys.CURSOR
            + " of the table in the lake to "
            + wanted
            + ".";
  }

  /** Tables of earlier releases do not say. */
  private boolean otherCursor(TablePlan plan) {
    String kept = table.properties().get(LakeKeys.CURSOR);
    return kept != null && !kept.equals(TableLaw.cursor(plan.spec()));
  }

  private static String cursorText(String columns) {
    return columns.isEmpty() ? "a feed that has its own" : "the cursor " + columns;
  }

  /**
   * By the time of another column nobody can tell whether a key is forgotten. Tables of earlier
   * releases do not say.
   */
  private void checkTimestamp(TablePlan plan) {
    String kept = table.properties().get(LakeKeys.TIMESTAMP);
    String wanted = TableLaw.timestamp(plan.layout());
    if (kept != null
        && !kept.equals(wanted)
        && TableHistory.of(table).horizonMillis() != Long.MIN_VALUE) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its keys are forgotten by the timestamp "
              + kept
              + ", and the spec has "
              + (wanted.isEmpty() ? "none" : wanted),
          "Keep the timestamp, or choose another name for the table."
              + (wanted.isEmpty()
                  ? ""
                  : " If the column was only renamed, set the property "
                      + LakeKeys.TIMESTAMP
                      + " of the table in the lake to "
                      + wanted
                      + "."));
    }
  }

  /**
   * What speaks against going on with the table from a state that has ranked its keys by the tie
   * rule of then. What is remembered from the lake is ranked anew.
   *
   * @param generation the start that wrote the state; {@link Long#MAX_VALUE} if it does not say
   */
  void checkTieOfState(TablePlan plan, long generation) {
    String kept = TableLaw.tieAt(table.properties(), generation);
    if (!kept.isEmpty() && !kept.equals(TableLaw.tie(plan.layout()))) {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "the savepoint remembers its rows by tie: " + kept,
          "Start without the savepoint: the mirror then goes on from the lake.");
    }
  }

  /** The same for a state that has a position of its own, of which the lake may not know yet. */
  void checkCursorOfState(TablePlan plan, long generation) {
    String since = table.properties().getOrDefault(LakeKeys.CURSOR_GENERATION, "0");
    if (otherCursor(plan) || Long.parseLong(since) > generation) {
      boolean stays = otherCursor(plan) && !TableHistory.of(table).position().isEmpty();
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "the savepoint goes on from a position of another cursor",
          stays
              ? otherNameOrProperty(plan)
              : "Start without the savepoint: the mirror then goes on from the lake.");
    }
  }

  /** What was found so far. */
  List<Problem> found() {
    return problems;
  }

  private void checkPartitions(TablePlan plan) {
    if (LakeSchema.partitionedAs(table, plan.spec())) {
      return;
    }
    if (table.spec().compatibleWith(LakeSchema.partitions(plan.spec(), table.schema()))) {
      problems.add(Problem.of(PartitionChange.error(name)));
    } else {
      report(
          ErrorCode.TABLE_DOES_NOT_FIT,
          "its partitions are not those of the spec",
          "A table keeps its partitions for life: choose another name for the table.");
    }
  }

  private void report(ErrorCode code, String sentence, String nextStep) {
    problems.add(Problem.of(code, name, sentence, nextStep));
  }
}
