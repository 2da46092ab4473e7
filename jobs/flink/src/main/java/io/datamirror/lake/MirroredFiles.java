package io.datamirror.lake;

import io.datamirror.change.ChangeLayout;
import io.datamirror.commit.Part;
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
  private final LakeCatalog catalog;
  private final int subtask;
  private final int attempt;
  private final WaitingRows waiting;
  private final Map<Integer, LaidOut> layouts = new HashMap<>();
  private LaidOut last;
  private int lastArity = -1;
  private boolean unburied;

  /**
   * @param waiting where rows wait, for all tables of a writer
   */
  MirroredFiles(
      TablePlan plan, LakeCatalog catalog, int subtask, int attempt, WaitingRows waiting) {
    this.plan = plan;
    this.number = plan.number();
    this.text = StringData.fromString(plan.name());
    this.catalog = catalog;
    this.subtask = subtask;
    this.attempt = attempt;
    this.waiting = waiting;
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
      LaidOut known = layouts.get(arity);
      last = known == null ? open(arity) : known;
      lastArity = arity;
    }
    return last;
  }

  /** The lake has the columns of a row since before the row was read. */
  private LaidOut open(int arity) {
    Table table = catalog.load(plan.name());
    if (!LakeSchema.partitionedAs(table, plan.spec())) {
      throw PartitionChange.error(plan.name());
    }
    ChangeLayout layout = RowLayouts.of(table, plan.layout(), arity);
    LakeTable lake = LakeTable.mirrored(table, layout);
    TableFiles files = new TableFiles(lake, subtask, attempt, waiting);
    LaidOut opened = new LaidOut(lake, files, new RowJson(layout));
    layouts.put(arity, opened);
    return opened;
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
    return layouts.values().stream().allMatch(layout -> layout.files().untouched());
  }

  /** Closes the open files of all layouts. */
  void complete() {
    layouts.values().forEach(layout -> layout.files().complete());
  }

  /** Closes the files of all layouts and hands them over as one part. */
  Part drain(int table, int writer, Counts counts, long watermarkMillis) {
    List<String> data = new ArrayList<>();
    List<String> deletes = new ArrayList<>();
    for (LaidOut layout : layouts.values()) {
      data.addAll(layout.files().dataFiles());
      deletes.addAll(layout.files().deleteFiles());
    }
    return new Part(table, writer, data, deletes, counts, watermarkMillis);
  }

  void abort() {
    layouts.values().forEach(layout -> layout.files().abort());
  }
}
