package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
            Map.of("state.backend.type", "rocksdb"),
            List.of("s3.secret-key", "security.ssl.rest.key-password"));
    assertThat(JobParameters.of(told.toMap())).isEqualTo(told);
  }

  @Test
  void of_a_secret_setting_only_the_name_is_told() {
    Map<String, String> told =
        new JobParameters("shop", "", "", "", Map.of(), List.of("s3.secret-key")).toMap();
    assertThat(told)
        .containsEntry("data-mirror.secret-settings", "s3.secret-key")
        .doesNotContainKey("data-mirror.setting.s3.secret-key");
  }

  @Test
  void a_job_of_an_earlier_release_tells_no_settings() {
    JobParameters told = JobParameters.of(Map.of("data-mirror.mirror", "shop"));
    assertThat(told.flink()).isEmpty();
    assertThat(told.secretSettings()).isEmpty();
  }
}
