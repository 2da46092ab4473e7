package io.datamirror.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.job.Uids;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests in conf/k8s, against the schema that the Flink Kubernetes operator publishes. */
class KubernetesManifestsTest {
  private static final Path MANIFESTS = Path.of("..", "..", "conf", "k8s");

  /** The published schema is older than Flink 2.3, and lists the releases that it knows. */
  private static final String NEWEST_KNOWN_FLINK = "v1_20";

  @Test
  void the_deployment_fits_the_schema() throws IOException {
    Map<String, Object> manifest = manifest("deployment.yaml");

    assertThat(problems(manifest, schema("flinkdeployments"))).isEmpty();
    assertThat(job(at(manifest, "spec")))
        .containsEntry("upgradeMode", "savepoint")
        .containsEntry("entryClass", "io.datamirror.cli.MirrorCommand");
  }

  @Test
  void the_session_job_fits_the_schema() throws IOException {
    Map<String, Object> manifest = manifest("session-job.yaml");

    assertThat(problems(manifest, schema("flinksessionjobs"))).isEmpty();
    assertThat(job(at(manifest, "spec"))).containsEntry("upgradeMode", "savepoint");
  }

  /** The operator compares the resource, and not what is mounted. */
  @ParameterizedTest
  @ValueSource(strings = {"deployment.yaml", "session-job.yaml"})
  void a_spec_that_was_changed_elsewhere_is_started_by_a_number(String name) throws IOException {
    assertThat(at(manifest(name), "spec").get("restartNonce")).isInstanceOf(Integer.class);
    assertThat(Files.readString(MANIFESTS.resolve(name))).contains("raise restartNonce");
  }

  @Test
  void a_spec_can_be_put_into_the_cluster_again() throws IOException {
    assertThat(Files.readString(MANIFESTS.resolve("deployment.yaml")).lines())
        .filteredOn(line -> line.contains("create configmap"))
        .singleElement()
        .asString()
        .endsWith("--dry-run=client -o yaml | kubectl apply -f -");
  }

  @Test
  void the_template_of_blue_and_green_fits_the_schema_of_a_deployment() throws IOException {
    Map<String, Object> manifest = manifest("blue-green.yaml");
    Map<String, Object> spec = at(at(manifest, "spec"), "template");

    assertThat(manifest).containsEntry("kind", "FlinkBlueGreenDeployment");
    assertThat(at(manifest, "spec")).containsOnlyKeys("configuration", "template");
    assertThat(problems(at(spec, "spec"), at(schema("flinkdeployments"), "properties", "spec")))
        .isEmpty();
  }

  @Test
  void green_starts_from_the_lake_since_blue_goes_on_after_any_savepoint() throws IOException {
    Map<String, Object> template = at(manifest("blue-green.yaml"), "spec", "template", "spec");

    assertThat(job(template)).containsEntry("upgradeMode", "stateless");
  }

  /** Flink would run the arguments again, and go on with the job of before as well. */
  @Test
  void a_job_manager_that_runs_its_arguments_again_has_kept_no_job() throws IOException {
    for (Map<String, Object> spec :
        List.of(
            at(manifest("deployment.yaml"), "spec"),
            at(manifest("blue-green.yaml"), "spec", "template", "spec"))) {
      assertThat(at(spec, "flinkConfiguration").keySet())
          .noneMatch(key -> key.startsWith("high-availability"));
    }
    assertThat(job(at(manifest("deployment.yaml"), "spec")).get("args").toString())
        .as("the savepoint that its pod names is older than the lake by then")
        .contains("--on-lake-ahead, rebuild");
  }

  @Test
  void a_key_that_does_not_exist_is_noticed() throws IOException {
    Map<String, Object> manifest = manifest("deployment.yaml");
    job(at(manifest, "spec")).put("upgrademode", "savepoint");
    job(at(manifest, "spec")).put("parallelism", "four");

    assertThat(problems(manifest, schema("flinkdeployments")))
        .containsExactlyInAnyOrder(
            "spec.job.upgrademode does not exist", "spec.job.parallelism is not integer");
  }

  @Test
  void no_manifest_holds_a_secret_or_a_uid() throws IOException {
    for (String name : List.of("deployment.yaml", "session-job.yaml", "blue-green.yaml")) {
      assertThat(Files.readString(MANIFESTS.resolve(name)))
          .doesNotContain("password:")
          .doesNotContain(Uids.SOURCE);
    }
  }

  private static List<String> problems(Map<String, Object> value, Map<String, Object> schema) {
    List<String> problems = new ArrayList<>();
    check("", value, schema, problems);
    return problems;
  }

  private static void check(
      String path, Object value, Map<String, Object> schema, List<String> problems) {
    String type = (String) schema.get("type");
    if (type != null && !isOf(type, value)) {
      problems.add(path + " is not " + type);
    } else if (schema.get("enum") instanceof List<?> known && !known.contains(value)) {
      problems.add(path + " is none of " + known);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, child) -> checkKey(path, (String) key, child, schema, problems));
    } else if (value instanceof List<?> list) {
      list.forEach(child -> check(path + "[]", child, at(schema, "items"), problems));
    }
  }

  private static void checkKey(
      String path, String key, Object child, Map<String, Object> schema, List<String> problems) {
    String name = path.isEmpty() ? key : path + "." + key;
    if (schema.get("properties") instanceof Map<?, ?> properties && properties.containsKey(key)) {
      check(name, child, at(schema, "properties", key), problems);
    } else if (schema.get("additionalProperties") instanceof Map<?, ?>) {
      check(name, child, at(schema, "additionalProperties"), problems);
    } else if (!schema.containsKey("x-kubernetes-preserve-unknown-fields")
        && !List.of("apiVersion", "kind", "metadata").contains(name)) {
      problems.add(name + " does not exist");
    }
  }

  private static boolean isOf(String type, Object value) {
    return switch (type) {
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Integer;
      case "number" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Map<String, Object> manifest(String name) throws IOException {
    String text = Files.readString(MANIFESTS.resolve(name));
    return load(text.replace("flinkVersion: v2_3", "flinkVersion: " + NEWEST_KNOWN_FLINK));
  }

  private static Map<String, Object> schema(String resource) throws IOException {
    String name = "/META-INF/fabric8/" + resource + ".flink.apache.org-v1.yml";
    try (InputStream input = KubernetesManifestsTest.class.getResourceAsStream(name)) {
      Map<String, Object> definition = load(new String(input.readAllBytes(), UTF_8));
      List<?> versions = (List<?>) at(definition, "spec").get("versions");
      return at(cast(versions.get(0)), "schema", "openAPIV3Schema");
    }
  }

  private static Map<String, Object> load(String text) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(10_000_000).build();
    return cast(new Load(settings).loadFromString(text));
  }

  private static Map<String, Object> job(Map<String, Object> spec) {
    return at(spec, "job");
  }

  private static Map<String, Object> at(Map<String, Object> map, String... keys) {
    Map<String, Object> found = map;
    for (String key : keys) {
      found = cast(found.get(key));
    }
    return found;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object value) {
    return (Map<String, Object>) value;
  }
}
