package io.datamirror.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.functions.sink.legacy.RichSinkFunction;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.legacy.SinkFunctionProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;

/** A sink of the tests that takes upserts and keeps, in this process, what comes. */
public final class Collected implements DynamicTableSinkFactory {

  static final String TABLE =
      "CREATE TEMPORARY TABLE collected (id BIGINT, amount DECIMAL(10, 2), PRIMARY KEY (id) NOT"
          + " ENFORCED) WITH ('connector' = 'collected')";

  private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

  static void clear() {
    ROWS.clear();
  }

  static int size() {
    return ROWS.size();
  }

  static List<String> rows() {
    return List.copyOf(ROWS);
  }

  @Override
  public String factoryIdentifier() {
    return "collected";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    return new Sink();
  }

  private static final class Sink implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return ChangelogMode.upsert(true);
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      return SinkFunctionProvider.of(new Keeping(), 1);
    }

    @Override
    public DynamicTableSink copy() {
      return new Sink();
    }

    @Override
    public String asSummaryString() {
      return "collected";
    }
  }

  private static final class Keeping extends RichSinkFunction<RowData> {
    private static final long serialVersionUID = 1L;

    @Override
    public void invoke(RowData row, Context context) {
      ROWS.add(
          row.getRowKind().shortString()
              + "["
              + row.getLong(0)
              + ", "
              + (row.isNullAt(1) ? null : row.getDecimal(1, 10, 2))
              + "]");
    }
  }
}
