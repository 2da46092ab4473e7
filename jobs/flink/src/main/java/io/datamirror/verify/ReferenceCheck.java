package io.datamirror.verify;

import io.datamirror.change.KeyId;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.SnapshotRows;
import io.datamirror.relate.LakeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Counts how the rows of one relationship refer to each other. Reads the columns of the reference
 * and the key of both tables, and spreads them over files of the temporary directory: no table is
 * held in memory.
 */
public final class ReferenceCheck {

  private static final byte[] NO_RANK = {};

  private final LakeReference reference;
  private final TableMoment table;
  private final TableMoment referenced;
  private final LongConsumer progress;

  private long rows;
  private long withoutReference;
  private long orphans;
  private long orphanValues;
  private long shared;
  private long ambiguous;

  /**
   * @param moments the moment of at least the two tables, by name
   * @param progress told how many rows were read, again and again
   * @throws MirrorException if a table is not known at that moment, or what is referred to was
   *     still being loaded: every row would be an orphan that is none
   */
  public ReferenceCheck(
      LakeReference reference, Map<String, TableMoment> moments, LongConsumer progress) {
    this.reference = reference;
    this.table = moment(moments, reference.table());
    this.referenced = loaded(moment(moments, reference.referencedTable()));
    this.progress = progress;
  }

  private static TableMoment moment(Map<String, TableMoment> moments, String table) {
    TableMoment moment = moments.get(table);
    if (moment == null) {
      throw Moments.notKept(table);
    }
    return moment;
  }

  private static TableMoment loaded(TableMoment moment) {
    if (moment.loading()) {
      throw Moments.notLoaded(moment.name());
    }
    return moment;
  }

  /** What one value of the reference has on both sides. */
  private static final class Sides {
    private int targets;
    private int sources;
  }

  /**
   * Counts, and hands over each orphan.
   *
   * @throws MirrorException if a column of the reference is not in the lake: all rows would refer
   *     to nothing, or all to rows that are not there
   */
  public ReferenceReport run(Consumer<Orphan> orphan) throws IOException {
    requireColumns(table, reference.columns());
    requireColumns(referenced, reference.referencedColumns());
    try (ScratchDirectory directory = ScratchDirectory.create("mirror-relations-");
        Buckets targets = new Buckets(0, directory.inner("to"));
        Buckets sources = new Buckets(0, directory.inner("from"))) {
      read(referenced, reference.referencedColumns(), row -> add(targets, row));
      read(table, reference.columns(), row -> addSource(sources, row));
      targets.seal();
      sources.seal();
      for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
        compare(bucket, targets, sources, orphan);
      }
    }
    return new ReferenceReport(
        reference,
        table,
        referenced,
        rows,
        withoutReference,
        orphans,
        orphanValues,
        shared,
        ambiguous);
  }

  private void requireColumns(TableMoment moment, List<String> columns) {
    for (String column : columns) {
      if (moment.table().schema().findField(column) == null) {
        throw new MirrorException(
            ErrorCode.TABLE_DOES_NOT_FIT,
            moment.name(),
            "it has no column " + column + ", which the relationship " + reference + " names",
            "Mend the relationship in the spec, or run the mirror so that the lake gets the column.");
      }
    }
  }

  private void read(TableMoment moment, List<String> columns, Consumer<Record> consumer)
      throws IOException {
    if (moment.snapshotId() < 0) {
      return;
    }
    Set<String> selected = new LinkedHashSet<>(columns);
    selected.addAll(keyOf(moment));
    Table lake = moment.table();
    SnapshotRows.read(
        lake,
        moment.snapshotId(),
        SnapshotUtil.schemaFor(lake, moment.snapshotId()).select(selected),
        row -> {
          consumer.accept(row);
          progress.accept(1);
        });
  }

  private static List<String> keyOf(TableMoment moment) {
    return moment.table().schema().identifierFieldNames().stream().sorted().toList();
  }

  private void add(Buckets targets, Record row) {
    ReferenceValue.of(row, reference.referencedColumns())
        .ifPresent(value -> add(targets, value, ""));
  }

  private void addSource(Buckets sources, Record row) {
    rows++;
    Optional<KeyId> value = ReferenceValue.of(row, reference.columns());
    if (value.isEmpty()) {
      withoutReference++;
      return;
    }
    String key = ReferenceValue.json(row, keyOf(table));
    String wanted = ReferenceValue.json(row, reference.columns());
    add(sources, value.get(), new Orphan(key, wanted).text());
  }

  private static void add(Buckets buckets, KeyId value, String text) {
    try {
      buckets.add(new Entry(value, NO_RANK, true, 0, text, Timeliness.IN_TIME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(int bucket, Buckets targets, Buckets sources, Consumer<Orphan> orphan)
      throws IOException {
    Map<KeyId, Sides> values = new HashMap<>();
    targets.read(
        bucket, entry -> values.computeIfAbsent(entry.key(), value -> new Sides()).targets++);
    sources.read(
        bucket,
        entry -> {
          Sides sides = values.computeIfAbsent(entry.key(), value -> new Sides());
          sides.sources++;
          if (sides.targets == 0) {
            // At once: all rows may refer to one value, and all of those lie in one bucket.
            orphans++;
            orphan.accept(Orphan.of(entry.keyText()));
          }
        });
    for (Sides sides : values.values()) {
      orphanValues += sides.targets == 0 ? 1 : 0;
      shared += sides.targets > 0 ? Math.max(0, sides.sources - 1) : 0;
      ambiguous += sides.targets > 1 ? sides.sources : 0;
    }
  }
}
