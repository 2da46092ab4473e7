package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {

  private static final Path HERE = Path.of("").toAbsolutePath();

  @ParameterizedTest
  @CsvSource({
    "jdbc:h2:./data/w, jdbc:h2:%s/data/w",
    "jdbc:h2:./data/w;AUTO_SERVER=TRUE, jdbc:h2:%s/data/w;AUTO_SERVER=TRUE",
    "jdbc:h2:file:./data/../w;MODE=./x, jdbc:h2:file:%s/w;MODE=./x"
  })
  void a_relative_database_is_below_the_directory_of_this_process(String url, String absolute) {
    assertThat(place(Sources.absolute(jdbc(url)))).isEqualTo(absolute.formatted(HERE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:/data/w",
        "jdbc:h2:~/w",
        "jdbc:h2:mem:w",
        "jdbc:h2:tcp://localhost:9092/./w",
        "jdbc:postgresql://h/w?options=./x",
        "jdbc:h2:./${env:NAME}"
      })
  void every_other_url_stays_as_it_is(String url) {
    SourceSpec source = jdbc(url);

    assertThat(Sources.absolute(source)).isEqualTo(source);
  }

  @Test
  void a_relative_directory_of_files_is_below_the_directory_of_this_process() {
    SourceSpec source = Sources.absolute(files("./a b/../ä"));

    assertThat(place(source)).isEqualTo("file:" + HERE.resolve("ä"));
    assertThat(Sources.absolute(source)).isEqualTo(source);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/changes", "file:/changes", "./${env:NAME}"})
  void every_other_directory_of_files_stays_as_it_is(String path) {
    SourceSpec source = files(path);

    assertThat(Sources.absolute(source)).isEqualTo(source);
  }

  @Test
  void the_database_of_base_tables_is_made_absolute_too() {
    SourceSpec source =
        read(
            """
            source:
              type: kafka
              bootstrap-servers: localhost:9092
              snapshot: { type: jdbc, url: "jdbc:h2:./data/w" }
            """,
            """
              - { name: t, source: topic, snapshot: PUBLIC.T, format: json, primary-key: [id],
                  version: [id], schema: { id: long } }
            """);

    assertThat(place(Sources.absolute(source).snapshot().database()))
        .isEqualTo("jdbc:h2:" + HERE.resolve("data/w"));
  }

  private static String place(SourceSpec source) {
    return source.url().resolve(reference -> "");
  }

  private static SourceSpec jdbc(String url) {
    return read(
        "source: { type: jdbc, url: \"" + url + "\" }",
        "  - { name: t, source: T, feed: incremental, cursor: C, version: [C], primary-key: [ID] }");
  }

  private static SourceSpec files(String path) {
    return read(
        "source: { type: files, path: \"" + path + "\" }",
        "  - { name: t, source: in, format: csv, primary-key: [id], schema: { id: long } }");
  }

  private static SourceSpec read(String source, String table) {
    String lake = "lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: n }";
    return SpecReader.read(String.join("\n", "mirror: m", source, lake, "tables:", table)).source();
  }
}
