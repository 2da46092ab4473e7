package io.datamirror.bench;

import io.datamirror.bench.child.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Who takes part. */
public enum Contender {
  OURS_HASHMAP("ours-hashmap", "Data Mirror, HashMap state", Home.OWN),
  OURS_ROCKSDB("ours-rocksdb", "Data Mirror, RocksDB state", Home.OWN),
  OURS_BATCH("ours-batch", "Data Mirror, --mode batch", Home.OWN),
  BASELINE_OURS("baseline", "one thread, our decoder", Home.OWN),
  BASELINE_GETTERS("baseline-getters", "one thread, JDBC getters", Home.OWN),
  SQL_HASHMAP("sql-hashmap", "Flink SQL by hand, HashMap state", Home.OWN),
  SQL_HASHMAP_BINARY("sql-hashmap-binary", "Flink SQL by hand, binary wire", Home.OWN),
  SQL_ROCKSDB("sql-rocksdb", "Flink SQL by hand, RocksDB state", Home.OWN),
  SQL_MINI_BATCH("sql-mini-batch", "Flink SQL by hand, mini-batch", Home.OWN),
  SQL_BATCH("sql-batch", "Flink SQL by hand, BATCH", Home.OWN),
  SQL_UPSERT("sql-upsert", "Flink SQL upsert, no dedup", Home.OWN),
  SQL_APPEND("sql-append", "Flink SQL append only", Home.OWN),
  PAIMON("paimon", "Paimon primary-key table", Home.PAIMON),
  SPARK("spark", "Spark MERGE INTO", Home.SPARK);

  /** Where the classes of a contender are. */
  enum Home {
    /** Among our own. */
    OWN,
    PAIMON,
    SPARK
  }

  private static final String BATCH = "execution.runtime-mode=BATCH\n";
  private static final String SPARK_TASK = "io.datamirror.bench.spark.SparkMergeTask";

  private final String id;
  private final String title;
  private final Home home;

  Contender(String id, String title, Home home) {
    this.id = id;
    this.title = title;
    this.home = home;
  }

  /** Its name on the command line. */
  String id() {
    return id;
  }

  /** Its name for people. */
  String title() {
    return title;
  }

  Home home() {
    return home;
  }

  /** Whether it is the product. */
  boolean ours() {
    return this == OURS_HASHMAP || this == OURS_ROCKSDB || this == OURS_BATCH;
  }

  /** Whether it leaves the mirror of the source, and not just its changes. */
  boolean mirrors() {
    return this != SQL_APPEND;
  }

  /** Whether it can tell when the rows are in that stand there before what is measured. */
  boolean knowsWhenFilled() {
    return switch (this) {
      case OURS_HASHMAP, OURS_ROCKSDB, BASELINE_OURS, BASELINE_GETTERS, SPARK -> true;
      case OURS_BATCH,
          SQL_HASHMAP,
          SQL_HASHMAP_BINARY,
          SQL_ROCKSDB,
          SQL_MINI_BATCH,
          SQL_BATCH,
          SQL_UPSERT,
          SQL_APPEND,
          PAIMON ->
          false;
    };
  }

  static Optional<Contender> of(String id) {
    return Arrays.stream(values()).filter(contender -> contender.id.equals(id)).findFirst();
  }

  /** The class of its {@link Task}. */
  String task(Workload workload) {
    return switch (this) {
      case OURS_HASHMAP, OURS_ROCKSDB -> ours(workload).getName();
      case OURS_BATCH -> MirrorTask.class.getName();
      case BASELINE_OURS, BASELINE_GETTERS -> BaselineTask.class.getName();
      case SQL_HASHMAP,
          SQL_HASHMAP_BINARY,
          SQL_ROCKSDB,
          SQL_MINI_BATCH,
          SQL_BATCH,
          SQL_UPSERT,
          SQL_APPEND ->
          FlinkSqlTask.class.getName();
      case PAIMON -> PaimonTask.class.getName();
      case SPARK -> SPARK_TASK;
    };
  }

  private static Class<? extends Task> ours(Workload workload) {
    return switch (workload) {
      case W1, W2, W3, W4 -> MirrorTask.class;
      case W5 -> FreshnessTask.class;
      case W6, W7 -> EpochsTask.class;
    };
  }

  /** What its task is told. */
  Map<String, String> order(FlinkSql sql) {
    Map<String, String> order = new LinkedHashMap<>();
    switch (this) {
      case OURS_HASHMAP -> order.put("settings", streaming("hashmap"));
      case OURS_ROCKSDB -> order.put("settings", streaming("rocksdb"));
      case OURS_BATCH -> order.put("settings", BATCH);
      case BASELINE_OURS -> order.put("decoder", "ours");
      case BASELINE_GETTERS -> order.put("decoder", "getters");
      case SQL_HASHMAP -> sql(order, sql.byHand(), streaming("hashmap"));
      case SQL_HASHMAP_BINARY -> sql(order, sql.overBinaryWire().byHand(), streaming("hashmap"));
      case SQL_ROCKSDB -> sql(order, sql.byHand(), streaming("rocksdb"));
      case SQL_MINI_BATCH ->
          sql(
              order,
              sql.byHand(),
              streaming("hashmap")
                  + """
                  table.exec.mini-batch.enabled=true
                  table.exec.mini-batch.allow-latency=2s
                  table.exec.mini-batch.size=50000
                  """);
      case SQL_BATCH -> sql(order, sql.byHand(), BATCH);
      case SQL_UPSERT -> sql(order, sql.upsertOnly(), streaming("hashmap"));
      case SQL_APPEND -> sql(order, sql.append(), streaming("hashmap"));
      case PAIMON -> sql(order, sql.paimon(), streaming("hashmap"));
      case SPARK -> {
        order.put("spark-definitions", sql.sparkDefinitions());
        order.put("spark-columns", sql.sparkColumns());
        order.put("source-columns", sql.sourceColumns());
      }
    }
    return order;
  }

  private static void sql(Map<String, String> order, String sql, String settings) {
    order.put("sql", sql);
    order.put("settings", settings);
  }

  private static String streaming(String state) {
    return """
        execution.runtime-mode=STREAMING
        state.backend.type=%s
        """
        .formatted(state);
  }
}
