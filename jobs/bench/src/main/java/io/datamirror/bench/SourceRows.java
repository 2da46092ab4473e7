package io.datamirror.bench;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Counts, by Flink's own metrics, the rows that the one source of this process's job has read. */
public final class SourceRows implements MetricReporter {

  private static final String NAME = "bench";
  private static final String ROWS = "numRecordsOut";
  private static final String OPERATOR = "<operator_name>";
  private static final AtomicReference<Counter> SOURCE = new AtomicReference<>();

  /** Lets Flink report to this class. */
  static void reportTo(Configuration settings) {
    settings.setString("metrics.reporters", NAME);
    settings.setString("metrics.reporter." + NAME + ".factory.class", Factory.class.getName());
  }

  /** How many rows were read; none while there is no source. */
  static long read() {
    Counter counter = SOURCE.get();
    return counter == null ? 0 : counter.getCount();
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (metric instanceof Counter counter && name.equals(ROWS) && ofSource(group)) {
      SOURCE.set(counter);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    SOURCE.compareAndSet(metric instanceof Counter counter ? counter : null, null);
  }

  private static boolean ofSource(MetricGroup group) {
    String operator = group.getAllVariables().get(OPERATOR);
    return operator != null && operator.toLowerCase(Locale.ROOT).startsWith("source");
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  /** Found by Flink among the services of this class path. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(java.util.Properties properties) {
      return new SourceRows();
    }
  }
}
