package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the parts of a mirror are put into tasks. */
class MirrorJobTest {

  @TempDir private Path directory;

  @Test
  void one_subtask_in_this_process_reads_and_resolves_in_one_task() throws Exception {
    assertThat(tasks("parallelism.default", "1"))
        .containsExactly("Source: read test -> split -> resolve and write", "commit");
  }

  @ParameterizedTest
  @CsvSource({
    "parallelism.default, 2",
    "execution.runtime-mode, BATCH",
    "jobmanager.scheduler, Adaptive",
    "scheduler-mode, REACTIVE"
  })
  void where_keys_may_lie_in_several_subtasks_records_go_to_that_of_their_key(
      String key, String value) throws Exception {
    assertThat(tasks(key, value))
        .containsExactly("Source: read test -> split", "resolve and write", "commit");
  }

  private List<String> tasks(String key, String value) throws Exception {
    Files.createDirectories(directory.resolve("in"));
    String spec =
        """
        mirror: test
        source: { type: files, path: "%s" }
        """
                .formatted(directory)
            + Lake.spec(directory.resolve("lake"))
            + """
            tables:
              - { name: t, source: in, format: csv, primary-key: [id], schema: { id: long } }
            """;
    Launch launch = Preparation.prepare(SpecReader.read(spec), SecretSource.ofProcess());
    Configuration settings = new Configuration();
    settings.setString("parallelism.default", "1");
    settings.setString(key, value);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    new MirrorJob(launch, JobSettings.of(Until.NOW)).attachTo(env);
    Iterable<JobVertex> vertices =
        env.getStreamGraph().getJobGraph().getVerticesSortedTopologicallyFromSources();
    return StreamSupport.stream(vertices.spliterator(), false).map(JobVertex::getName).toList();
  }
}
