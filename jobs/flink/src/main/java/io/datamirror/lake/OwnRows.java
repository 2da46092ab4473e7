package io.datamirror.lake;

import io.datamirror.change.KeyId;
import io.datamirror.ledger.LedgerEntry;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;

/** Rows of the mirror's own tables. */
final class OwnRows {

  static final int KEY_HASH_AT = 1;
  static final int RANK_AT = 2;
  static final int TIME_AT = 3;
  static final int MICROSECONDS = 6;

  private OwnRows() {}

  /** A row of the tombstones; without rank and time it stands for its key alone. */
  static RowData tombstone(StringData table, KeyId key, byte[] rank, long timeMillis) {
    return GenericRowData.of(table, key.toBytes(), rank, time(timeMillis));
  }

  /** A row of the ledger; with which commit it goes is known only when it is committed. */
  static GenericRowData ledger(String mirror, LedgerEntry entry) {
    long timeMillis = entry.timeMillis() == null ? Long.MIN_VALUE : entry.timeMillis();
    return GenericRowData.of(
        StringData.fromString(mirror),
        StringData.fromString(entry.table()),
        StringData.fromString(entry.reason().text()),
        StringData.fromString(entry.key()),
        StringData.fromString(entry.version()),
        StringData.fromString(entry.order()),
        time(timeMillis),
        StringData.fromString(entry.row()),
        StringData.fromString(entry.error()),
        null,
        null);
  }

  private static TimestampData time(long timeMillis) {
    return timeMillis == Long.MIN_VALUE ? null : TimestampData.fromEpochMillis(timeMillis);
  }
}
