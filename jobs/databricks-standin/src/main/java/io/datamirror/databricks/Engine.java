package io.datamirror.databricks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaTableUtils;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import scala.Option;
import scala.collection.immutable.Seq;

/** Spark with Delta tables, and what Databricks has beyond them: declared primary keys. */
final class Engine {

  private static final Pattern ADD_KEY =
      Pattern.compile(
          "ALTER TABLE (\\S+) ADD CONSTRAINT (\\w+) PRIMARY KEY \\((.+)\\)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern TRUNCATE =
      Pattern.compile("TRUNCATE TABLE (\\S+)", Pattern.CASE_INSENSITIVE);

  private static final Pattern DETAIL = Pattern.compile("DESCRIBE DETAIL (\\S+)");

  private final SparkSession spark;
  private final Map<String, Answer> details = new ConcurrentHashMap<>();
  private final Map<String, PrimaryKey> keys = new ConcurrentHashMap<>();

  /** A key as it was declared; nothing enforces it, as on Databricks. */
  record PrimaryKey(String name, List<String> columns) {}

  Engine(Path directory) {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", directory.resolve("scratch").toString())
            .config("spark.sql.warehouse.dir", directory.resolve("warehouse").toString())
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ansi.enabled", "true")
            // A feed that begins after the newest version is an error here; never an empty answer.
            .config("spark.databricks.delta.changeDataFeed.timestampOutOfRange.enabled", "false")
            // VACUUM RETAIN 0 HOURS is how a test lets time pass.
            .config("spark.databricks.delta.retentionDurationCheck.enabled", "false")
            // Small tables and short statements: compiling a query takes longer than running it.
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.databricks.delta.stats.collect", "false")
            // Every statement lists the log: one file for each version instead of four.
            .config("spark.databricks.delta.writeChecksumFile.enabled", "false")
            .config("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem")
            .config(
                "spark.hadoop.fs.AbstractFileSystem.file.impl",
                "org.apache.hadoop.fs.local.RawLocalFs")
            .config("spark.databricks.delta.properties.defaults.checkpointInterval", "1000")
            .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.adaptive.enabled", "false")
            .getOrCreate();
  }

  /** Runs a statement to its end. */
  Answer run(String sql) {
    try {
      Matcher key = ADD_KEY.matcher(sql);
      if (key.matches()) {
        declareKey(key.group(1), key.group(2), key.group(3));
        return Answer.of(List.of());
      }
      Matcher detail = DETAIL.matcher(sql);
      if (detail.matches() && isDelta(detail.group(1))) {
        return detail(detail.group(1));
      }
      // The one statement that open source Delta lacks; a DELETE of all rows writes the same log.
      Matcher truncate = TRUNCATE.matcher(sql);
      return answer(spark.sql(truncate.matches() ? "DELETE FROM " + truncate.group(1) : sql));
    } catch (StatementError e) {
      throw e;
    } catch (Throwable e) {
      throw Refusals.of(e);
    }
  }

  private void declareKey(String table, String name, String columns) {
    List<String> names = new ArrayList<>();
    for (String column : columns.split(",", -1)) {
      names.add(plain(column.trim()));
    }
    for (StructField field : spark.table(table).schema().fields()) {
      if (names.contains(field.name()) && field.nullable()) {
        throw new StatementError(
            "42831",
            "[NULLABLE_COLUMN_AS_PRIMARY_KEY] the column " + field.name() + " may hold NULL");
      }
    }
    keys.put(plain(table), new PrimaryKey(name, names));
  }

  Optional<PrimaryKey> key(String table) {
    return Optional.ofNullable(keys.get(table));
  }

  /** The names of all tables of a schema. */
  List<String> tables(String schema) {
    List<String> names = new ArrayList<>();
    for (String known :
        spark.catalog().listDatabases().select("name").as(STRINGS).collectAsList()) {
      if (known.equals(schema)) {
        spark.sql("SHOW TABLES IN " + quoted(schema)).collectAsList().stream()
            .filter(row -> !row.getBoolean(2))
            .forEach(row -> names.add(row.getString(1)));
      }
    }
    return names;
  }

  private static final org.apache.spark.sql.Encoder<String> STRINGS =
      org.apache.spark.sql.Encoders.STRING();

  List<String> schemas() {
    return spark.catalog().listDatabases().select("name").as(STRINGS).collectAsList();
  }

  StructField[] columns(String schema, String table) {
    return spark.table(quoted(schema) + "." + quoted(table)).schema().fields();
  }

  /** The newest version of a Delta table. */
  long latest(String table) {
    return state(table).version();
  }

  private boolean isDelta(String table) {
    try {
      return DeltaTableUtils.isDeltaTable(
          spark, CatalystSqlParser$.MODULE$.parseTableIdentifier(table));
    } catch (Throwable e) {
      // Whatever is wrong with it, the statement itself will say so.
      return false;
    }
  }

  private static TableIdentifier identifier(String table) {
    Seq<String> parts = CatalystSqlParser$.MODULE$.parseMultipartIdentifier(table);
    int last = parts.length() - 1;
    return TableIdentifier.apply(
        parts.apply(last), last == 0 ? Option.empty() : Option.apply(parts.apply(last - 1)));
  }

  private Snapshot state(String table) {
    try {
      return DeltaLog.forTableWithSnapshot(spark, identifier(table))._2();
    } catch (Throwable e) {
      throw Refusals.of(e);
    }
  }

  /**
   * The answer to DESCRIBE DETAIL. It is asked with every poll and takes a walk over all files, so
   * that of a version that was described before is remembered.
   */
  private Answer detail(String table) {
    Snapshot state = state(table);
    String version = state.metadata().id() + "@" + state.version();
    return details.computeIfAbsent(version, id -> answer(spark.sql("DESCRIBE DETAIL " + table)));
  }

  private static Answer answer(Dataset<Row> result) {
    List<Answer.Column> columns = new ArrayList<>();
    List<Column> selected = new ArrayList<>();
    for (StructField field : result.schema().fields()) {
      columns.add(Cells.column(field));
      Column column = result.col(quoted(field.name()));
      selected.add(
          Cells.nested(field.dataType()) ? functions.to_json(column).as(field.name()) : column);
    }
    List<List<String>> rows = new ArrayList<>();
    if (!selected.isEmpty()) {
      for (Row row : result.select(selected.toArray(new Column[0])).collectAsList()) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
          cells.add(Cells.text(row.get(i)));
        }
        rows.add(cells);
      }
    }
    return new Answer(columns, rows);
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** A name, qualified or not, without quotes and without the one catalog. */
  static String plain(String name) {
    String plain = name.replace("`", "");
    String prefix = DatabricksStandin.CATALOG + ".";
    return plain.startsWith(prefix) ? plain.substring(prefix.length()) : plain;
  }
}
