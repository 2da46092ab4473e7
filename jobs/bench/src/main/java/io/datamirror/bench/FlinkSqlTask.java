package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** Flink SQL: statements that somebody writes by hand, and Flink's settings. */
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
    Configuration settings = new Configuration();
    settings.setString("rest.bind-port", "0");
    settings.setString("parallelism.default", "1");
    settings.setString("taskmanager.memory.managed.size", "512m");
    settings.setString(
        "execution.checkpointing.dir", lake.resolve("checkpoints").toUri().toString());
    for (String line : order.text("settings").split("\n")) {
      if (!line.isBlank()) {
        String[] setting = line.split("=", 2);
        settings.setString(setting[0].trim(), setting[1].trim());
      }
    }
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(settings).build());
    String text =
        order.text("sql").replace("${source}", source).replace("${lake}", lake.toUri().toString());
    for (String statement : text.split(";")) {
      if (!statement.isBlank()) {
        tables.executeSql(statement.trim()).await();
      }
    }
  }
}
