package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class JobParametersTest {

  @Test
  void what_a_job_tells_is_understood_again() {
    JobParameters told =
        new JobParameters(
            "shop",
            "file:///shop.yaml",
            "0a",
            "1",
            "now",
            Map.of("state.backend.type", "rocksdb"),
            List.of("s3.secret-key", "security.ssl.rest.key-password"));
    assertThat(JobParameters.of(told.toMap())).isEqualTo(told);
  }

  @Test
  void of_a_secret_setting_only_the_name_is_told() {
    Map<String, String> told =
        new JobParameters("shop", "", "", "", "", Map.of(), List.of("s3.secret-key")).toMap();
    assertThat(told)
        .containsEntry("data-mirror.secret-settings", "s3.secret-key")
        .doesNotContainKey("data-mirror.setting.s3.secret-key");
  }

  @Test
  void a_job_of_an_earlier_release_tells_no_settings() {
    JobParameters told = JobParameters.of(Map.of("data-mirror.mirror", "shop"));
    assertThat(told.flink()).isEmpty();
    assertThat(told.secretSettings()).isEmpty();
    assertThat(told.until()).isEmpty();
  }

  @Test
  void what_was_given_to_flink_run_is_told_and_what_stands_in_the_file_is_not() {
    Configuration file =
        Configuration.fromMap(
            Map.of(
                "execution.checkpointing.interval", "10s",
                "restart-strategy.type", "fixed-delay",
                "s3.access-key", "of-all"));
    Configuration effective = new Configuration(file);
    effective.addAll(
        Configuration.fromMap(
            Map.of(
                "state.backend.type", "rocksdb",
                "restart-strategy.type", "exponential-delay",
                "s3.secret-key", "of-this-one")));

    JobParameters told =
        new JobParameters("shop", "", "", "", "", Map.of(), List.of())
            .startedWith(GivenSettings.of(effective, file));

    assertThat(told.flink())
        .containsOnly(
            Map.entry("state.backend.type", "rocksdb"),
            Map.entry("restart-strategy.type", "exponential-delay"));
    assertThat(told.secretSettings()).containsExactly("s3.secret-key");
  }

  @Test
  void what_the_client_sets_itself_is_not_told() {
    Configuration effective =
        Configuration.fromMap(
            Map.of(
                "$internal.pipeline.job-id", "00000000000000000000000000000000",
                "execution.attached", "true",
                "execution.shutdown-on-attached-exit", "false",
                "execution.target", "remote",
                "jobmanager.rpc.address", "flink.example.com",
                "pipeline.classpaths", "",
                "pipeline.jars", "file:///data-mirror.jar",
                "rest.port", "8081"));

    assertThat(GivenSettings.of(effective, new Configuration())).isEmpty();
  }

  @Test
  void what_each_start_says_anew_is_not_told() {
    Map<String, String> options =
        Map.of(
            "execution.state-recovery.path", "file:///savepoint",
            "execution.savepoint.path", "file:///savepoint",
            "execution.state-recovery.claim-mode", "CLAIM",
            "parallelism.default", "4",
            "state.backend.type", "rocksdb");

    assertThat(GivenSettings.of(options)).containsOnlyKeys("state.backend.type");
    assertThat(GivenSettings.of(Configuration.fromMap(options), new Configuration()))
        .containsOnlyKeys("state.backend.type");
  }
}
