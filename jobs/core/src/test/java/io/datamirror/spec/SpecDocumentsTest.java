package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.datamirror.error.ErrorReference;
import io.datamirror.spec.testing.SampleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SpecDocumentsTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path CONF = ROOT.resolve("conf");
  private static final Path README = ROOT.resolve("README.md");
  private static final Path DOCUMENTS = ROOT.resolve("docs");
  private static final Pattern SPEC_BLOCK =
      Pattern.compile("```yaml\\n(mirror:.*?)```", Pattern.DOTALL);
  private static final String REGENERATE =
      "mvn -q -pl jobs/core test -Dtest=SpecDocumentsTest -Dregenerate";

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void theSchemaIsUpToDate() throws IOException {
    assertUpToDate(CONF.resolve("mirror.schema.json"), SpecDocuments.jsonSchema());
  }

  @Test
  void theReferenceIsUpToDate() throws IOException {
    assertUpToDate(ROOT.resolve("docs/reference/spec.md"), SpecDocuments.reference());
  }

  @Test
  void theListOfErrorsIsUpToDate() throws IOException {
    assertUpToDate(ROOT.resolve("docs/reference/errors.md"), ErrorReference.markdown());
  }

  private static void assertUpToDate(Path file, String generated) throws IOException {
    if (System.getProperty("regenerate") != null) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertThat(file).exists();
    assertThat(Files.readString(file))
        .as("%s differs from the declarations; to make it again: %s", file, REGENERATE)
        .isEqualTo(generated);
  }

  @Test
  void theReferenceNamesEveryKey() {
    assertThat(SpecKeys.SECTIONS)
        .flatExtracting(SpecSection::keys)
        .allSatisfy(
            key -> assertThat(SpecDocuments.reference()).contains("| `" + key.name() + "` |"));
  }

  @Test
  void everyDefaultAndEveryExampleCanBeRead() {
    for (SpecSection section : SpecKeys.SECTIONS) {
      for (SpecKey<?> key : section.keys()) {
        Problems problems = new Problems();
        YamlTree.parse(key.exampleLine(), problems)
            .map(tree -> Keys.of(section, tree, new Where("", 1, problems)))
            .ifPresent(Keys::checkValues);
        Keys.none(section, new Where("", 1, problems)).value(key);
        problems.throwIfAny(section.place() + " " + key.name());
      }
    }
  }

  @Test
  void thereAreFourExamplesAtLeast() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsRead(Path example) {
    assertThat(SpecReader.read(example).tables()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleFitsTheSchema(Path example) throws IOException {
    assertThat(errorsOf(Files.readString(example))).isEmpty();
  }

  static List<String> specsInTheDocuments() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(README));
    try (Stream<Path> files = Files.walk(DOCUMENTS)) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    List<String> specs = new ArrayList<>();
    for (Path file : documents) {
      SPEC_BLOCK.matcher(Files.readString(file)).results().forEach(r -> specs.add(r.group(1)));
    }
    return specs;
  }

  @ParameterizedTest
  @MethodSource("specsInTheDocuments")
  void everySpecInTheDocumentsIsReadAndFitsTheSchema(String yaml) {
    assertThat(SpecReader.read(yaml).tables()).isNotEmpty();
    assertThat(errorsOf(yaml)).isEmpty();
  }

  @Test
  void theSampleFitsTheSchema() {
    assertThat(errorsOf(SampleSpec.CORRECT.text())).isEmpty();
    assertThat(errorsOf(SampleSpec.CORRECT.withTableKeys("order: null", "tie: delete-wins").text()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mirror: shop | mirror: Shop",
        "mirror: shop | mirrors: shop",
        "type: jdbc | type: oracle",
        "type: jdbc | settle: 5",
        "feed: change-table | feed: changes",
        "name: orders | tie: delete-wins",
        "primary-key: [id] | primary-key: { a: b }",
        "primary-key: [id] | allowed-lateness: never",
        "namespace: shop | namespaces: shop",
        "type: hadoop | type: glue",
        "cursor: change_id | columns: { exlude: [a] }",
        "cursor: change_id | relationships: [{ column: a, cardinality: '1:1' }]"
      })
  void aSpoiltSampleDoesNot(String part, String replacement) {
    assertThat(errorsOf(SampleSpec.CORRECT.with(part, replacement).text())).isNotEmpty();
  }

  private static List<Error> errorsOf(String yaml) {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(SpecDocuments.jsonSchema(), InputFormat.JSON);
    return schema.validate(yaml, InputFormat.YAML);
  }
}
