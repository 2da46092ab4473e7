package io.datamirror.verify;

import io.datamirror.change.Operation;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.TableHistory;
import io.datamirror.ledger.LedgerReason;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Forgetting;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What came, or may have come, too late to count in a table that forgets keys, or has forgotten.
 *
 * <p>The fold of such a table's changes is not what it must hold. A change that was late is in the
 * ledger and not in the table; and after a delete that was forgotten, an older change may have been
 * taken for the first of its key.
 *
 * @param keys the keys with late changes, as the ledger shows keys
 * @param horizonMillis deletes from before this may be forgotten
 */
record TooLate(Set<String> keys, long horizonMillis) {

  /** In a table that has forgotten nothing, nothing comes too late. */
  static final TooLate NOTHING = new TooLate(Set.of(), Long.MIN_VALUE);

  /** What the lake tells of {@code table}. */
  static TooLate of(LakeCatalog catalog, TablePlan table) throws IOException {
    TableHistory history = TableHistory.of(catalog.load(table.name()));
    Forgetting rule = table.forgetting();
    if (rule.never() && history.horizonMillis() == Long.MIN_VALUE) {
      return NOTHING;
    }
    long byRule = rule.horizonMillis(history.watermarkMillis());
    return new TooLate(keys(catalog, table.name()), Math.max(byRule, history.horizonMillis()));
  }

  private static Set<String> keys(LakeCatalog catalog, String table) throws IOException {
    Set<String> keys = new HashSet<>();
    Optional<Table> ledger = catalog.find(OwnTable.LEDGER.tableName());
    if (ledger.isEmpty()) {
      return keys;
    }
    try (CloseableIterable<Record> entries =
        IcebergGenerics.read(ledger.get())
            .select(OwnTable.KEY_COLUMN)
            .where(
                Expressions.and(
                    Expressions.equal(OwnTable.TABLE_COLUMN, table),
                    Expressions.equal(OwnTable.REASON_COLUMN, LedgerReason.LATE.text())))
            .build()) {
      entries.forEach(entry -> keys.add((String) entry.getField(OwnTable.KEY_COLUMN)));
    }
    return keys;
  }

  /** Whether this change makes its key one whose row may be another than the fold's. */
  Timeliness of(KeyText key, Operation operation, long timeMillis) {
    if (!keys.isEmpty() && keys.contains(key.ledgerJson())) {
      return Timeliness.LATE;
    }
    return operation == Operation.DELETE && timeMillis < horizonMillis
        ? Timeliness.FORGOTTEN
        : Timeliness.IN_TIME;
  }
}
