package io.datamirror.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks into the jar that a cluster gets, and at the directory that the command line runs from. */
class DeployableJarIT {
  private static final Path DIST = Path.of(System.getProperty("mirror.dist"));

  /** Iceberg's own stand-in for a class of Flink's Scala API. */
  private static final String ICEBERG_STAND_IN =
      "org/apache/flink/table/api/runtime/types/FlinkScalaKryoInstantiator.class";

  @Test
  void the_jar_contains_iceberg_and_nothing_of_flink() throws IOException {
    List<String> classes = entries("org/apache/", ".class");

    assertThat(classes).contains("org/apache/iceberg/flink/TableLoader.class");
    assertThat(classes)
        .filteredOn(name -> name.startsWith("org/apache/flink/"))
        .containsExactly(ICEBERG_STAND_IN);
    assertThat(classes).noneMatch(name -> name.startsWith("org/apache/hadoop/"));
  }

  @Test
  void libraries_are_there_under_relocated_names_only() throws IOException {
    assertThat(entries("", ".class"))
        .contains(
            "io/datamirror/shaded/com/fasterxml/jackson/databind/ObjectMapper.class",
            "io/datamirror/shaded/dev/failsafe/Failsafe.class",
            "io/datamirror/shaded/org/snakeyaml/engine/v2/api/Load.class",
            "io/datamirror/shaded/picocli/CommandLine.class")
        .noneMatch(name -> name.startsWith("com/fasterxml/"))
        .noneMatch(name -> name.startsWith("com/dynatrace/"))
        .noneMatch(name -> name.startsWith("dev/failsafe/"))
        .noneMatch(name -> name.startsWith("org/snakeyaml/"))
        .noneMatch(name -> name.startsWith("org/yaml/"))
        .noneMatch(name -> name.startsWith("picocli/"));
  }

  @Test
  void the_client_of_kafka_is_inside_under_its_own_name() throws IOException {
    assertThat(entries("org/apache/kafka/", ".class"))
        .contains(
            "org/apache/kafka/clients/consumer/KafkaConsumer.class",
            "org/apache/kafka/common/security/plain/PlainLoginModule.class");
    assertThat(entries("", ".class")).noneMatch(name -> name.startsWith("scala/"));
  }

  @Test
  void no_driver_is_inside() throws IOException {
    assertThat(entries("", ""))
        .doesNotContain("META-INF/services/java.sql.Driver")
        .noneMatch(name -> name.startsWith("org/h2/"))
        .noneMatch(name -> name.startsWith("org/sqlite/"))
        .noneMatch(name -> name.startsWith("org/postgresql/"));
  }

  @Test
  void no_signature_of_another_jar_is_left() throws IOException {
    assertThat(entries("META-INF/", "")).noneMatch(name -> name.matches(".*\\.(SF|DSA|RSA|EC)"));
  }

  @Test
  void factories_of_flink_tables_are_kept() throws IOException {
    try (JarFile jar = jar()) {
      ZipEntry entry = jar.getEntry("META-INF/services/org.apache.flink.table.factories.Factory");
      assertThat(new String(jar.getInputStream(entry).readAllBytes(), UTF_8))
          .contains("org.apache.iceberg.flink.FlinkCatalogFactory");
    }
  }

  @Test
  void the_manifest_names_the_command_line() throws IOException {
    try (JarFile jar = jar()) {
      assertThat(jar.getManifest().getMainAttributes().get(Attributes.Name.MAIN_CLASS))
          .isEqualTo("io.datamirror.cli.MirrorCommand");
    }
  }

  @Test
  void the_run_directory_holds_flink_once_and_the_embedded_drivers() throws IOException {
    try (Stream<Path> files = Files.list(DIST.resolve("lib"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();

      assertThat(names)
          .filteredOn(name -> name.startsWith("flink-streaming-java-"))
          .singleElement()
          .asString()
          .contains(System.getProperty("mirror.flink.version"));
      assertThat(names)
          .anyMatch(name -> name.startsWith("h2-"))
          .anyMatch(name -> name.startsWith("sqlite-jdbc-"))
          .anyMatch(name -> name.startsWith("postgresql-"))
          .anyMatch(name -> name.startsWith("hadoop-client-runtime-"))
          .anyMatch(name -> name.startsWith("flink-table-planner-loader-"))
          .noneMatch(name -> name.startsWith("flink-table-planner_"))
          .noneMatch(name -> name.startsWith("iceberg-"));
    }
  }

  @Test
  void the_command_line_starts_from_the_run_directory() throws Exception {
    assertThat(run("io.datamirror.cli.MirrorCommand", "--version")).startsWith("Data Mirror ");
  }

  @Test
  void the_run_directory_is_enough_to_write_and_read_a_lake(@TempDir Path lake) throws Exception {
    assertThat(run(LakeRoundTrip.class.getName(), lake.toString()))
        .containsSubsequence("one", "1", "two", "2", "2 rows in set");
  }

  private static String run(String main, String argument) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("mirror.jvm.opens").split(" ")));
    command.addAll(List.of("-Xmx1g", "-Dlog4j2.level=ERROR", "-cp", classPath(), main, argument));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static String classPath() {
    return String.join(
        File.pathSeparator,
        DIST.resolve("data-mirror.jar").toString(),
        DIST.resolve("lib/*").toString(),
        System.getProperty("mirror.test.classes"));
  }

  private static List<String> entries(String prefix, String suffix) throws IOException {
    try (JarFile jar = jar()) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
          .toList();
    }
  }

  private static JarFile jar() throws IOException {
    return new JarFile(DIST.resolve("data-mirror.jar").toFile());
  }
}
