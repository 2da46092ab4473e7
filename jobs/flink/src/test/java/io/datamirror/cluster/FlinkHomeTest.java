package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkHomeTest {

  @TempDir private Path directory;

  @Test
  void a_distribution_gets_drivers_and_the_jdbc_connector_and_no_second_flink() throws IOException {
    Path home = directory.resolve("flink-2.1.1");
    Path dist = directory.resolve("dist");
    create(home.resolve("lib"), "flink-dist-2.1.1.jar");
    create(home.resolve("opt"), "flink-sql-client-2.1.1.jar");
    create(dist.resolve("lib"), "flink-runtime-2.1.1.jar", "h2-2.3.232.jar", "postgresql-42.7.jar");
    create(
        dist.resolve("flink/lib"),
        "flink-json-2.1.1.jar",
        "flink-connector-jdbc-core-4.0.0-2.0.jar",
        "flink-connector-jdbc-postgres-4.0.0-2.0.jar");

    FlinkHome found = FlinkHome.of(home, dist);

    assertThat(found.classPath())
        .isEqualTo(
            List.of(
                home.resolve("lib/*").toString(),
                dist.resolve("lib/h2-2.3.232.jar").toString(),
                dist.resolve("lib/postgresql-42.7.jar").toString(),
                dist.resolve("flink/lib/flink-connector-jdbc-core-4.0.0-2.0.jar").toString(),
                dist.resolve("flink/lib/flink-connector-jdbc-postgres-4.0.0-2.0.jar").toString(),
                dist.resolve("data-mirror.jar").toString()));
    assertThat(found.sqlClient())
        .containsExactly(home.resolve("opt/flink-sql-client-2.1.1.jar").toString());
  }

  private static void create(Path directory, String... names) throws IOException {
    Files.createDirectories(directory);
    for (String name : names) {
      Files.createFile(directory.resolve(name));
    }
  }
}
