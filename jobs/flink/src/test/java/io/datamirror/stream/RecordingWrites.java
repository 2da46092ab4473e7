package io.datamirror.stream;

import io.datamirror.change.KeyId;
import io.datamirror.commit.Part;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.resolve.Counts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.apache.flink.table.data.binary.BinaryRowData;

/** Writes that remember as text what they were told; rows are (id, value, place) in numbers. */
final class RecordingWrites implements EpochWrites<Part>, Serializable {

  private static final long serialVersionUID = 1L;

  final List<String> log = new ArrayList<>();
  final List<Integer> expected = new ArrayList<>();
  final List<Integer> completed = new ArrayList<>();
  boolean closed;

  @Override
  public byte[] partition(int table, BinaryRowData row) {
    return new byte[] {(byte) row.getLong(2)};
  }

  @Override
  public void insert(int table, BinaryRowData row, byte[] partition) {
    log.add("insert " + row.getLong(0) + "=" + row.getLong(1) + " in " + partition[0]);
  }

  @Override
  public void remove(int table, BinaryRowData row, byte[] partition) {
    log.add("remove " + row.getLong(0) + " from " + partition[0]);
  }

  @Override
  public void bury(KeyId key, BinaryRowData row, byte[] rank, long timeMillis) {
    log.add("bury");
  }

  @Override
  public void unbury(KeyId key) {
    log.add("unbury");
  }

  @Override
  public void complete(int table) {
    completed.add(table);
  }

  @Override
  public void expect(int table, int rows) {
    expected.add(rows);
  }

  @Override
  public void record(LedgerEntry entry) {
    log.add("ledger " + entry.reason().text());
  }

  @Override
  public void record(
      int table, LedgerReason reason, BinaryRowData row, long timeMillis, String error) {
    log.add("ledger " + reason.text() + " " + row.getLong(0) + "=" + row.getLong(1));
  }

  @Override
  public List<Part> drain(Map<Integer, Counts> counts, IntToLongFunction watermarkMillis) {
    List<Part> parts = new ArrayList<>();
    counts.forEach(
        (table, count) -> {
          if (count.changes() > 0) {
            parts.add(
                new Part(
                    table, 0, List.of(), List.of(), count, watermarkMillis.applyAsLong(table)));
          }
        });
    log.add("drain");
    return parts;
  }

  @Override
  public void close() {
    closed = true;
  }
}
