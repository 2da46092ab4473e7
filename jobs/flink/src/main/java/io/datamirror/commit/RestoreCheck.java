package io.datamirror.commit;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.Rollback;
import io.datamirror.lake.TableHistory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a restored state with the lake before anything is committed.
 *
 * <p>Going on from an old state over a newer lake would write rows a second time, because the state
 * does not know that they are there.
 */
final class RestoreCheck implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RestoreCheck.class);

  private final LakeCatalog catalog;
  private final Set<String> tables;
  private final long lastEpoch;
  private final OnLakeAhead policy;

  /**
   * @param tables all tables of the mirror, its own too
   * @param lastEpoch the greatest epoch of the restored state
   */
  RestoreCheck(LakeCatalog catalog, Set<String> tables, long lastEpoch, OnLakeAhead policy) {
    this.catalog = catalog;
    this.tables = Set.copyOf(tables);
    this.lastEpoch = lastEpoch;
    this.policy = policy;
  }

  @Override
  public void run() {
    Map<String, Table> ahead = new LinkedHashMap<>();
    for (String name : tables) {
      Table table = catalog.load(name);
      if (TableHistory.of(table).epoch() > lastEpoch) {
        ahead.put(name, table);
      }
    }
    ahead.forEach(this::decide);
  }

  private void decide(String name, Table table) {
    long lakeEpoch = TableHistory.of(table).epoch();
    switch (policy) {
      case REFUSE, REBUILD -> throw LakeAhead.of(name, lakeEpoch, lastEpoch);
      case ROLLBACK -> {
        LOG.info("Takes {} back from epoch {} to {}", name, lakeEpoch, lastEpoch);
        Rollback.to(table, name, lastEpoch);
      }
    }
  }
}
