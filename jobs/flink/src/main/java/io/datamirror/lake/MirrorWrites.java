package io.datamirror.lake;

import io.datamirror.change.KeyId;
import io.datamirror.commit.Part;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Counts;
import io.datamirror.stream.EpochWrites;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Writes what the resolver decides into files of the lake: of the mirrored tables, of the
 * tombstones and of the ledger. One thread at a time.
 */
public final class MirrorWrites implements EpochWrites<Part> {

  private final LakeWriter writer;
  private final String mirror;
  private final Map<Integer, MirroredFiles> writers = new LinkedHashMap<>();
  private MirroredFiles lastWriter;
  private final OwnFiles tombstones;
  private final OwnFiles ledger;

  /**
   * @param catalog closed together with this
   * @param subtask which of the parallel writers this is
   * @param attempt how often it was started before; only for the names of files
   */
  public MirrorWrites(MirrorPlan plan, LakeCatalog catalog, int subtask, int attempt) {
    this(plan, new LakeWriter(catalog, subtask, attempt, new WaitingRows(), Reloading.of(catalog)));
  }

  MirrorWrites(MirrorPlan plan, LakeWriter writer) {
    this.writer = writer;
    this.mirror = plan.spec().mirror();
    for (TablePlan table : plan.tables()) {
      writers.put(table.number(), new MirroredFiles(table, writer));
    }
    this.tombstones = new OwnFiles(OwnTable.TOMBSTONES, writer);
    this.ledger = new OwnFiles(OwnTable.LEDGER, writer);
  }

  @Override
  public void expect(int table, int rows) {
    writer(table).expect(rows);
    tombstones.expect(rows);
  }

  @Override
  public byte[] partition(int table, BinaryRowData row) {
    return writer(table).of(row).partition(row);
  }

  @Override
  public void insert(int table, BinaryRowData row, byte[] partition) {
    writer(table).of(row).files().insert(row, partition);
  }

  @Override
  public void remove(int table, BinaryRowData row, byte[] partition) {
    writer(table).of(row).files().remove(row, partition);
  }

  @Override
  public void bury(KeyId key, BinaryRowData row, byte[] rank, long timeMillis) {
    StringData table = writer(key.table()).text();
    tombstones.insert(table, OwnRows.tombstone(table, key, rank, timeMillis));
  }

  @Override
  public void unbury(KeyId key) {
    MirroredFiles files = writer(key.table());
    files.unburied();
    StringData table = files.text();
    tombstones.remove(table, OwnRows.tombstone(table, key, null, Long.MIN_VALUE));
  }

  @Override
  public void complete(int table) {
    writer(table).complete();
  }

  @Override
  public void record(LedgerEntry entry) {
    ledger.insert(StringData.fromString(entry.table()), OwnRows.ledger(mirror, entry));
  }

  @Override
  public void record(
      int table, LedgerReason reason, BinaryRowData row, long timeMillis, String error) {
    MirroredFiles files = writer(table);
    RowJson json = files.of(row).json();
    record(
        new LedgerEntry(
            files.name(),
            reason,
            json.key(row),
            json.version(row),
            json.order(row),
            timeMillis == Long.MIN_VALUE ? null : timeMillis,
            json.row(row),
            error));
  }

  /** Changes come table by table, so the one before mostly tells. */
  private MirroredFiles writer(int table) {
    if (lastWriter == null || lastWriter.number() != table) {
      lastWriter = writers.get(table);
    }
    return lastWriter;
  }

  @Override
  public List<Part> drain(Map<Integer, Counts> counts, IntToLongFunction watermarkMillis) {
    writer.reloading().endEpoch();
    List<Part> parts = new ArrayList<>();
    drain(parts, tombstones, watermarkMillis);
    drain(parts, ledger, watermarkMillis);
    writers.forEach(
        (table, files) -> {
          Counts counted = counts.getOrDefault(table, Counts.NONE);
          if (!files.untouched() || !counted.equals(Counts.NONE)) {
            parts.add(files.drain(counted, watermarkMillis.applyAsLong(table)));
          }
          if (files.takeUnburied()) {
            parts.add(Part.forgotten(table, writer.subtask(), watermarkMillis.applyAsLong(table)));
          }
          files.endEpoch();
        });
    return parts;
  }

  private void drain(List<Part> parts, OwnFiles own, IntToLongFunction watermarkMillis) {
    if (!own.untouched()) {
      parts.add(own.drain(watermarkMillis.applyAsLong(own.number())));
    }
  }

  @Override
  public void close() {
    writers.values().forEach(MirroredFiles::abort);
    tombstones.abort();
    ledger.abort();
    writer.catalog().close();
  }
}
