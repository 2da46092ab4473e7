package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No name leads out of the warehouse, whichever catalog joins it to a path. */
class NamesInTheLakeTest {

  private static final List<String> REFUSED =
      List.of(
          "",
          ".",
          "..",
          "...",
          "../evil",
          "../../../evil",
          "a/../../evil",
          "a/b",
          "a/b/c",
          "/abs",
          "a\\b",
          "..\\evil",
          "C:\\evil",
          "%2e%2e",
          "%2e%2e%2fevil",
          "a%2fb",
          "a%00b",
          "a\u0000b",
          "a\nb",
          "a\tb",
          "a\u001bb",
          " lead",
          "trail ",
          "two  spaces",
          "trail.",
          "a.b",
          "CON",
          "nul",
          "com1",
          "LPT9",
          "s3://x",
          "file:///etc",
          "-rf",
          "$HOME",
          "~root",
          "a?b",
          "a#b",
          "*",
          "e\u0301",
          "\u202eevil",
          "\u2024\u2024",
          "x".repeat(256));

  private static final List<String> ALLOWED =
      List.of("orders", "Orders", "or_ders-2", "two words", "\u00e9t\u00e9", "\u6771\u4eac");

  @TempDir Path directory;

  @Test
  void there_are_forty_names_and_more() {
    assertThat(REFUSED).hasSizeGreaterThanOrEqualTo(40).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc", "hadoop"})
  void a_name_that_could_lead_out_is_refused_before_the_catalog_sees_it(String type)
      throws IOException {
    Path canary = canary();
    try (LakeCatalog catalog = open(type, "names")) {
      catalog.createNamespace();
      List<Path> before = everything();
      for (String name : REFUSED) {
        assertThatThrownBy(
                () ->
                    catalog.create(
                        name, OwnTable.LEDGER.schema(), OwnTable.LEDGER.partitionSpec(), Map.of()))
            .as("table %s", name)
            .isInstanceOf(MirrorException.class)
            .extracting(e -> ((MirrorException) e).code())
            .isEqualTo(ErrorCode.BAD_NAME);
        assertThatThrownBy(() -> catalog.find(name)).isInstanceOf(MirrorException.class);
        assertThatThrownBy(() -> open(type, name))
            .as("namespace %s", name)
            .isInstanceOf(MirrorException.class);
      }
      assertThat(everything()).isEqualTo(before);
    }
    assertThat(canary).hasContent("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc", "hadoop"})
  void an_allowed_name_stays_under_the_warehouse(String type) throws IOException {
    try (LakeCatalog catalog = open(type, "names")) {
      catalog.createNamespace();
      for (String name : ALLOWED) {
        String location =
            catalog
                .create(
                    name,
                    OwnTable.LEDGER.schema(),
                    OwnTable.LEDGER.partitionSpec(),
                    Map.of("format-version", "2"))
                .location();
        assertThat(LakeLocation.contains(warehouse(), location)).as(location).isTrue();
        assertThat(catalog.find(name)).isPresent();
      }
    }
  }

  @Test
  void a_table_whose_files_lie_elsewhere_is_refused() throws IOException {
    try (LakeCatalog catalog = open("jdbc", "names")) {
      catalog.createNamespace();
      catalog
          .icebergCatalog()
          .buildTable(catalog.identifier("stray"), OwnTable.LEDGER.schema())
          .withLocation("file://" + directory.resolve("elsewhere"))
          .create();
      assertThatThrownBy(() -> catalog.find("stray"))
          .isInstanceOf(MirrorException.class)
          .hasMessage(
              "MIRROR-3004 stray: the files of this table lie outside the warehouse."
                  + " Choose another name for the table, or another namespace.");
    }
  }

  @Test
  void places_are_compared_after_their_dots_are_taken_at_their_word() {
    assertThat(LakeLocation.contains("file:///w", "file:///w/ns/t")).isTrue();
    assertThat(LakeLocation.contains("file:///w", "/w/ns/t")).isTrue();
    assertThat(LakeLocation.contains("file:/w/", "file:///w/./ns/../ns/t")).isTrue();
    assertThat(LakeLocation.contains("s3://b/w", "s3://b/w/t")).isTrue();
    assertThat(LakeLocation.contains("file:///w", "file:///w")).isFalse();
    assertThat(LakeLocation.contains("file:///w", "file:///warehouse/t")).isFalse();
    assertThat(LakeLocation.contains("file:///w", "file:///w/../etc/t")).isFalse();
    assertThat(LakeLocation.contains("file:///w", "file:///../../w/t")).isFalse();
    assertThat(LakeLocation.contains("file:///w", "file:///w/a\\..\\..\\etc")).isFalse();
    assertThat(LakeLocation.contains("s3://b/w", "s3://c/w/t")).isFalse();
    assertThat(LakeLocation.contains("s3://b/w", "file:///b/w/t")).isFalse();
  }

  private LakeCatalog open(String type, String namespace) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("type", type);
    properties.put("warehouse", warehouse());
    properties.put("jdbc.schema-version", "V1");
    properties.put("uri", "jdbc:sqlite:" + directory.resolve("catalog.db"));
    if (type.equals("hadoop")) {
      properties.remove("uri");
    }
    Catalog catalog = CatalogUtil.buildIcebergCatalog("names", properties, new Configuration());
    return new LakeCatalog(catalog, namespace, warehouse());
  }

  private String warehouse() {
    return "file://" + directory.resolve("deep/er/warehouse");
  }

  private Path canary() throws IOException {
    Path canary = directory.resolve("evil/canary.txt");
    Files.createDirectories(canary.getParent());
    return Files.writeString(canary, "canary");
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return new ArrayList<>(
          paths.filter(path -> !path.getFileName().toString().startsWith("catalog.db")).toList());
    }
  }
}
