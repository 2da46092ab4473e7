package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Flink SQL into a table of Paimon, which Paimon alone can read. */
public final class PaimonTask implements Task {

  private final Order order;

  public PaimonTask(Order order) {
    this.order = order;
  }

  @Override
  public void run(String source, Path lake) throws Exception {
    FlinkSqlTask.execute(order, source, lake);
  }

  @Override
  public void describe(Path lake, Properties result) throws Exception {
    TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    tables
        .executeSql("CREATE CATALOG pm WITH ('type'='paimon', 'warehouse'='" + lake.toUri() + "')")
        .await();
    Outcome.describe(digest(tables), written(tables), result);
  }

  private Digest digest(TableEnvironment tables) throws Exception {
    List<BenchColumn> columns = Workload.valueOf(order.text("workload")).columns();
    Digest.Builder digest = new Digest.Builder(columns);
    String names =
        columns.stream().map(column -> "`" + column.name() + "`").collect(Collectors.joining(", "));
    try (CloseableIterator<Row> rows =
        tables.executeSql("SELECT " + names + " FROM pm.bench.t WHERE op = 'u'").collect()) {
      while (rows.hasNext()) {
        digest.add(rows.next()::getField);
      }
    }
    return digest.build();
  }

  /** What compactions write again is in no column that Paimon has, so nobody can tell the rows. */
  private Written written(TableEnvironment tables) throws Exception {
    long commits = 0;
    try (CloseableIterator<Row> snapshots =
        tables
            .executeSql(
                "SELECT snapshot_id FROM pm.bench.`t$snapshots` WHERE delta_record_count > 0")
            .collect()) {
      while (snapshots.hasNext()) {
        snapshots.next();
        commits++;
      }
    }
    return Written.inCommits(commits);
  }
}
