package io.datamirror.cli;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OwnTable;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** How many entries the ledger has for each table and reason. */
final class LedgerCounts {
  private static final String REASON = "reason";
  private static final String MIRROR = "mirror";

  private final Map<String, Map<String, Long>> counts = new TreeMap<>();

  private LedgerCounts() {}

  /** Counts the entries of a mirror. */
  static LedgerCounts of(LakeCatalog catalog, String mirror) throws IOException {
    LedgerCounts ledger = new LedgerCounts();
    Optional<Table> table = catalog.find(OwnTable.LEDGER.tableName());
    if (table.isEmpty()) {
      return ledger;
    }
    try (CloseableIterable<Record> entries =
        IcebergGenerics.read(table.get())
            .select(OwnTable.TABLE_COLUMN, REASON)
            .where(Expressions.equal(MIRROR, mirror))
            .build()) {
      for (Record entry : entries) {
        ledger
            .counts
            .computeIfAbsent((String) entry.getField(OwnTable.TABLE_COLUMN), t -> new TreeMap<>())
            .merge((String) entry.getField(REASON), 1L, Long::sum);
      }
    }
    return ledger;
  }

  /** The entries of a table by reason; empty if it has none. */
  Map<String, Long> of(String table) {
    return counts.getOrDefault(table, Map.of());
  }
}
