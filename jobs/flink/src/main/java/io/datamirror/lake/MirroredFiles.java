package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.commit.Part;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.Table;

/**
 * The files of one mirrored table, for each layout that its rows have.
 *
 * <p>Rows of several layouts may be written between two drains, where the columns of the source
 * changed. They are in different files of one batch: whoever writes takes care that a key is
 * written at most once in it, whatever layout its row has, and the key's columns never change. So
 * no key is doubled by a change of columns.
 */
final class MirroredFiles {

  private final TablePlan plan;
  private final int number;
  private final StringData text;
  private final LakeWriter writer;
  private final Map<Integer, Reloaded<LaidOut>> layouts = new HashMap<>();
  private LaidOut last;
  private int lastArity = -1;
  private boolean unburied;

  MirroredFiles(TablePlan plan, LakeWriter writer) {
    this.plan = plan;
    this.number = plan.number();
    this.text = StringData.fromString(plan.name());
    this.writer = writer;
    open(plan.layout().storedColumns().size());
  }

  /** What is needed to write rows of one layout. */
  record LaidOut(LakeTable lake, TableFiles files, RowJson json) {

    byte[] partition(RowData row) {
      return lake.partitions().of(row);
    }
  }

  int number() {
    return number;
  }

  String name() {
    return plan.name();
  }

  StringData text() {
    return text;
  }

  /** What writes rows of the layout of {@code row}. */
  LaidOut of(RowData row) {
    int arity = row.getArity();
    if (arity != lastArity) {
      Reloaded<LaidOut> known = layouts.get(arity);
      last = (known == null ? open(arity) : known).current();
      lastArity = arity;
    }
    return last;
  }

  private Reloaded<LaidOut> open(int arity) {
    Reloaded<LaidOut> opened =
        writer.reloaded(plan.name(), () -> load(arity), layout -> layout.files().untouched());
    layouts.put(arity, opened);
    return opened;
  }

  /** The lake has the columns of a row since before the row was read. */
  private LaidOut load(int arity) {
    Table table = writer.catalog().load(plan.name());
    if (!LakeSchema.partitionedAs(table, plan.spec())) {
      throw PartitionChange.error(plan.name());
    }
    requireKey(table);
    ChangeLayout layout = RowLayouts.of(table, plan.layout(), arity);
    LakeTable lake = LakeTable.mirrored(table, layout);
    return new LaidOut(lake, writer.files(lake), new RowJson(layout));
  }

  /** A removal by another key would take other rows away. */
  private void requireKey(Table table) {
    if (!LakeSchema.keyedAs(table, plan.layout())) {
      throw new MirrorException(
          ErrorCode.TABLE_DOES_NOT_FIT,
          plan.name(),
          "its key was changed while it was mirrored",
          "A table keeps its key for life: set its identifier fields to "
              + LakeSchema.key(plan.layout())
              + " again, or choose another name for the table.");
    }
  }

  /** A tombstone of the table was taken away. */
  void unburied() {
    unburied = true;
  }

  /** Whether a tombstone was taken away since this was last asked. */
  boolean takeUnburied() {
    boolean taken = unburied;
    unburied = false;
    return taken;
  }

  /** Whether nothing was written since the last drain. */
  boolean untouched() {
    return layouts.values().stream().allMatch(layout -> layout.last().files().untouched());
  }

  /** At most so many rows come until the next drain. */
  void expect(int rows) {
    layouts.values().forEach(layout -> layout.last().files().expect(rows));
  }

  /** Nothing is open between two epochs: the next row looks which table it is for. */
  void endEpoch() {
    lastArity = -1;
  }

  /** Closes the open files of all layouts. */
  void complete() {
    layouts.values().forEach(layout -> layout.last().files().complete());
  }

  /** Closes the files of all layouts and hands them over as one part. */
  Part drain(Counts counts, long watermarkMillis) {
    List<String> data = new ArrayList<>();
    List<String> deletes = new ArrayList<>();
    for (Reloaded<LaidOut> layout : layouts.values()) {
      data.addAll(layout.last().files().dataFiles());
      deletes.addAll(layout.last().files().deleteFiles());
    }
    return new Part(number, writer.subtask(), data, deletes, counts, watermarkMillis);
  }

  void abort() {
    layouts.values().forEach(layout -> layout.last().files().abort());
  }
}
