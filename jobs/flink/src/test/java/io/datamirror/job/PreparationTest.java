package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.change.Column;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of a spec, also of one that has changed since the lake was written. */
class PreparationTest {

  @TempDir private Path directory;

  private TablePlan prepare(String columns) throws IOException {
    return plan(directory, columns).tables().get(0);
  }

  private MirrorPlan plan(Path source, String columns) throws IOException {
    Files.createDirectories(directory.resolve("in"));
    String head =
        """
        mirror: test
        source: { type: files, path: "%s" }
        """
            .formatted(source);
    String tables =
        """
        tables:
          - { name: t, source: in, format: csv, primary-key: [id], schema: { %s } }
        """
            .formatted(columns);
    String spec = head + Lake.spec(directory.resolve("lake")) + tables;
    return Preparation.prepare(SpecReader.read(spec), SecretSource.ofProcess()).plan();
  }

  @Test
  void the_directory_of_files_is_the_same_in_every_process() throws Exception {
    Path relative = Path.of("").toAbsolutePath().relativize(directory);

    MirrorPlan plan = plan(relative, "id: long");

    assertThat(plan.spec().source().url().resolve(reference -> null))
        .isEqualTo("file:" + directory);
  }

  @Test
  void what_a_schema_gains_comes_behind_the_columns_that_are_there() throws Exception {
    prepare("id: long, count: int");

    TablePlan second = prepare("id: long, city: string, count: long");

    assertThat(second.layout().storedColumns())
        .extracting(Column::name)
        .containsExactly("id", "count", "_file_time", "_line", "city");
    Map<String, String> types = new LinkedHashMap<>();
    try (Lake lake = new Lake(directory.resolve("lake"))) {
      lake.table("t")
          .schema()
          .columns()
          .forEach(field -> types.put(field.name(), field.type().toString()));
    }
    assertThat(types)
        .containsEntry("id", "long")
        .containsEntry("count", "long")
        .containsEntry("city", "string");
  }
}
