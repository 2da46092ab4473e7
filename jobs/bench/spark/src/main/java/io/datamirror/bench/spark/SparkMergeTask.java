package io.datamirror.bench.spark;

import io.datamirror.bench.child.Meter;
import io.datamirror.bench.child.Order;
import io.datamirror.bench.child.Task;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Spark: portions of the changes, each folded and merged into an Iceberg table.
 *
 * <p>A deleted row stays as one that is marked: Spark keeps nothing else that would stop an older
 * change from bringing it back.
 */
public final class SparkMergeTask implements Task {

  private final Order order;

  public SparkMergeTask(Order order) {
    this.order = order;
  }

  @Override
  public void run(String source, Path lake) throws Exception {
    try (SparkSession spark = session(lake)) {
      spark.sql("CREATE NAMESPACE IF NOT EXISTS ice.bench");
      spark.sql(
          "CREATE TABLE ice.bench.t ("
              + order.text("spark-definitions")
              + ", op STRING) USING iceberg TBLPROPERTIES ('format-version'='2',"
              + " 'write.parquet.compression-codec'='zstd', 'write.merge.mode'='merge-on-read')");
      long last = maximum(spark, source);
      long portion = order.number("epoch-rows");
      long filling = order.filling(source);
      if (filling > 0) {
        fill(spark, source, filling);
        Meter.start(filling);
      }
      for (long from = filling; from < last; from += portion) {
        merge(spark, source, from, from + portion);
      }
    }
  }

  /** The rows that are there before: all keys are different, so nothing is to be merged. */
  private void fill(SparkSession spark, String source, long last) {
    portion(spark, source, 0, last).createOrReplaceTempView("src");
    spark.sql("INSERT INTO ice.bench.t SELECT " + order.text("spark-columns") + ", op FROM src");
  }

  private void merge(SparkSession spark, String source, long from, long to) {
    portion(spark, source, from, to).createOrReplaceTempView("src");
    spark.sql(
        "MERGE INTO ice.bench.t AS t USING (SELECT "
            + order.text("spark-columns")
            + ", op FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY ver DESC, op ASC)"
            + " AS rn FROM src) WHERE rn = 1) AS u ON t.id = u.id"
            + " WHEN MATCHED AND (u.ver > t.ver OR (u.ver = t.ver AND u.op < t.op))"
            + " THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
  }

  private Dataset<Row> portion(SparkSession spark, String source, long from, long to) {
    return read(
        spark,
        "(SELECT op, %s FROM %s WHERE seq > %d AND seq <= %d) AS portion"
            .formatted(order.text("source-columns"), source, from, to));
  }

  private long maximum(SparkSession spark, String source) {
    Row row = read(spark, "(SELECT max(seq) AS last FROM " + source + ") AS numbers").first();
    return row.getLong(0);
  }

  private Dataset<Row> read(SparkSession spark, String query) {
    return spark
        .read()
        .format("jdbc")
        .option("url", order.text("url"))
        .option("user", order.text("user"))
        .option("dbtable", query)
        .option("fetchsize", "10000")
        .load();
  }

  private static SparkSession session(Path lake) {
    return SparkSession.builder()
        .master("local[1]")
        .appName("bench")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.local.dir", lake.resolve("spark").toString())
        .config(
            "spark.sql.extensions",
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
        .config("spark.sql.catalog.ice", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.ice.type", "hadoop")
        .config("spark.sql.catalog.ice.warehouse", lake.toUri().toString())
        .getOrCreate();
  }
}
