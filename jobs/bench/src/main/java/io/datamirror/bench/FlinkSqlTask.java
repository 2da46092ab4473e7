package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Flink SQL: statements that somebody writes by hand, and Flink's settings. The last statement is
 * the job; where it streams, it commits after as many changes as the product does.
 */
public final class FlinkSqlTask implements Task {

  private final Order order;

  public FlinkSqlTask(Order order) {
    this.order = order;
  }

  @Override
  public void run(String source, Path lake) throws Exception {
    execute(order, source, lake);
  }

  /** Runs the statements. */
  static void execute(Order order, String source, Path lake) throws Exception {
    Configuration settings = MirrorTask.settings(order, lake);
    SourceRows.reportTo(settings);
    try (MiniCluster cluster = MirrorTask.cluster(settings)) {
      cluster.start();
      JobID job = submit(cluster, settings, statements(order, source, lake));
      CompletableFuture<JobResult> end = cluster.requestJobResult(job);
      if (MirrorTask.streams(settings)) {
        Epochs.of(order).end(cluster, job, end, SourceRows::read);
      }
      end.get().toJobExecutionResult(FlinkSqlTask.class.getClassLoader());
    }
  }

  private static String[] statements(Order order, String source, Path lake) {
    return order
        .text("sql")
        .replace("${source}", source)
        .replace("${lake}", lake.toUri().toString())
        .split(";");
  }

  private static JobID submit(MiniCluster cluster, Configuration settings, String[] statements)
      throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    for (int i = 0; i < statements.length - 1; i++) {
      tables.executeSql(statements[i].trim()).await();
    }
    StreamStatementSet job = tables.createStatementSet();
    job.addInsertSql(statements[statements.length - 1].trim());
    job.attachAsDataStream();
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
  }
}
