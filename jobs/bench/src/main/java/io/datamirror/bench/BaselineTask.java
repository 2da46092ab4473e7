package io.datamirror.bench;

import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import io.datamirror.feed.BareRows;
import io.datamirror.feed.Connections;
import io.datamirror.lake.RowBuffer;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * The speed of light: one thread, no Flink, no state that survives, no recovery, one writer. It
 * keeps the ordering law for these workloads and nothing more; what it costs is what the work
 * itself costs.
 */
public final class BaselineTask implements Task {

  private final Order order;
  private final Workload workload;

  public BaselineTask(Order order) {
    this.order = order;
    this.workload = Workload.valueOf(order.text("workload"));
  }

  @Override
  public void run(String source, Path lake) throws Exception {
    BaselineTable table =
        new BaselineTable(workload, lake, order.number("epoch-rows"), order.filling(source));
    switch (order.text("decoder")) {
      case "getters" -> readByGetters(source, table);
      case "ours" -> readByDecoders(source, lake, table);
      default -> throw new IllegalArgumentException("no decoder " + order.text("decoder"));
    }
    table.flush();
  }

  private void readByGetters(String source, BaselineTable table) throws Exception {
    String url = order.text("url") + FlinkSql.BINARY_WIRE;
    GetterRows getters = new GetterRows(workload.columns());
    try (Connection connection = DriverManager.getConnection(url, order.text("user"), "");
        PreparedStatement query = connection.prepareStatement(getters.query(source))) {
      connection.setAutoCommit(false);
      query.setFetchSize(FlinkSql.FETCH_ROWS);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          RowData row = getters.row(rows);
          table.offer(row.getLong(0), row.getLong(1), rows.getString(1), row);
        }
      }
    }
  }

  private void readByDecoders(String source, Path lake, BaselineTable table) throws Exception {
    MirrorSpec spec = SpecReader.read(MirrorTask.spec(order, source, lake));
    try (Connection connection =
        Connections.to(spec.source(), SecretSource.ofProcess(), text -> {}).open()) {
      BareRows rows = new BareRows(spec, connection);
      RowBuffer buffer = new RowBuffer(rows.columns());
      rows.read(
          buffer,
          operation -> {
            BinaryRowData row = buffer.take();
            table.offer(row.getLong(0), row.getLong(1), operation, row);
          });
    }
  }
}
