package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datamirror.publish.FoldedTopic;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plain consumer of what is published has the rows of the lake, each change once, while task
 * managers and the broker are killed.
 */
class PublishIT {

  private static final int ROUNDS = 5;
  private static final int BROKER_DIES = 2;
  private static final Duration CATCH_UP = Duration.ofMinutes(3);

  @TempDir private static Path broker;
  private static EmbeddedKafka kafka;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(broker);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void topics_folded_by_a_plain_consumer_equal_the_lake_whatever_dies() throws Exception {
    String url = "jdbc:h2:mem:publish;DB_CLOSE_DELAY=-1";
    try (Load load = new Load(url, 20_261_125);
        Cluster cluster = new Cluster()) {
      load.write(1_000);
      JobID id = cluster.submit(job(url, Until.STOPPED), Cluster.settings());
      for (int round = 0; round < ROUNDS; round++) {
        load.write(200);
        if (round == BROKER_DIES) {
          kafka.kill();
          load.write(100);
          kafka.restart();
        } else {
          Thread.sleep(1_000);
        }
        cluster.killTaskManager();
      }
      try (Lake lake = new Lake(directory)) {
        KillStormIT.awaitEqual(load, lake);
      }
      for (int table = 0; table < Load.TABLES; table++) {
        int number = table;
        Awaitility.await("topic of t" + table)
            .atMost(CATCH_UP)
            .until(() -> rows(number).equals(load.expected(number)));
      }
      load.write(100);
      cluster.cancel(id);

      load.write(100);
      JobResult end = cluster.result(cluster.submit(job(url, Until.NOW), Cluster.settings()));
      assertThat(end.getSerializedThrowable()).isEmpty();
      for (int table = 0; table < Load.TABLES; table++) {
        assertThat(rows(table)).isEqualTo(load.expected(table));
      }
    }
  }

  private static Map<Long, Load.Row> rows(int table) throws Exception {
    FoldedTopic topic = FoldedTopic.read(kafka, "test.t" + table);
    assertThat(topic.epochsRise()).isTrue();
    Map<Long, Load.Row> rows = new TreeMap<>();
    for (JsonNode row : topic.rows().values()) {
      long key = row.get("ID").asLong();
      rows.put(
          key,
          new Load.Row(
              key,
              row.get("VERSION").asLong(),
              row.get("CONTENT").asText(),
              row.get("PLACE").asInt()));
    }
    return rows;
  }

  private MirrorJob job(String url, Until until) {
    String publish =
        "publish: { type: kafka, bootstrap-servers: \"%s\", style: debezium }%n"
            .formatted(kafka.servers());
    String text = TestMirror.text(url, directory) + publish;
    Launch launch = Preparation.prepare(SpecReader.read(text), SecretSource.ofProcess());
    return new MirrorJob(launch, JobSettings.of(until));
  }
}
