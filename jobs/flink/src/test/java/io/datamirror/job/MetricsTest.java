package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a running mirror, against the dashboard and the reference. */
class MetricsTest {

  private static final Path ROOT = Path.of("..", "..");
  private static final Path DASHBOARD = ROOT.resolve("conf/grafana/data-mirror.json");
  private static final Path REFERENCE = ROOT.resolve("docs/reference/metrics.md");
  private static final String PORT = "metrics.reporter.prometheus.port";
  private static final Pattern NAME = Pattern.compile("\\bflink_[A-Za-z0-9_]+");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|");

  @TempDir private static Path directory;

  private static String scraped;

  @BeforeAll
  static void runAMirror() throws Exception {
    Configuration settings =
        GlobalConfiguration.loadConfiguration(ROOT.resolve("conf/prometheus").toString());
    int port = FreePorts.one();
    settings.setString(PORT, String.valueOf(port));
    String url = "jdbc:h2:mem:metrics;DB_CLOSE_DELAY=-1";
    try (Load load = new Load(url, 3);
        Cluster cluster = new Cluster(settings)) {
      load.write(2_000);
      JobID job = cluster.submit(TestMirror.job(url, directory, Until.STOPPED), Cluster.settings());
      try (Lake lake = new Lake(directory)) {
        KillStormIT.awaitEqual(load, lake);
        load.write(500);
        KillStormIT.awaitEqual(load, lake);
      }
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () -> {
                scraped = scrape(port);
                assertThat(value("_mirror_table_equalityDeletes", "t0")).isPositive();
              });
      cluster.cancel(job);
    }
  }

  @AfterAll
  static void forget() {
    scraped = null;
  }

  @Test
  void every_metric_of_the_dashboard_exists() throws IOException {
    Map<String, Set<String>> missing = new TreeMap<>();
    List<String> expressions = expressions();
    for (String expression : expressions) {
      Set<String> names = names(expression);
      assertThat(names).as(expression).isNotEmpty();
      names.removeAll(names(scraped));
      if (!names.isEmpty()) {
        missing.put(expression, names);
      }
    }
    assertThat(expressions).hasSizeGreaterThan(15);
    assertThat(missing).as(() -> "there are " + names(scraped)).isEmpty();
  }

  @Test
  void nothing_on_the_dashboard_mixes_what_is_of_several_mirrors() throws IOException {
    for (String expression : expressions()) {
      if (!expression.startsWith("label_values(")) {
        assertThat(expression)
            .containsPattern("(mirror=~\"\\$mirror\"|job_name=~\"mirror_\\(\\$mirror\\)\")")
            .containsPattern("by \\((mirror|job_name)\\b");
      }
    }
  }

  @Test
  void the_reference_names_what_there_is_and_nothing_else() throws IOException {
    Set<String> documented =
        DOCUMENTED
            .matcher(Files.readString(REFERENCE))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> all = names(scraped);
    Set<String> own =
        all.stream()
            .filter(name -> name.contains("_mirror_table_"))
            .map(name -> name.replaceFirst(".*_mirror_table_", ""))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).containsAll(own);
    assertThat(documented)
        .allMatch(name -> all.stream().anyMatch(other -> other.endsWith("_" + name)));
  }

  @Test
  void each_table_is_a_label_and_its_changes_are_counted() throws IOException {
    for (int table = 0; table < Load.TABLES; table++) {
      String name = "t" + table;
      assertThat(value("_mirror_table_upserts", name)).as(name).isPositive();
      assertThat(value("_mirror_table_positionNumber", name)).as(name).isPositive();
      assertThat(value("_mirror_table_commits", name)).as(name).isGreaterThanOrEqualTo(2);
      assertThat(value("_mirror_table_lastCommitDurationMillis", name)).as(name).isNotNegative();
    }
    assertThat(value("_successfulCommittables", "")).isPositive();
    assertThat(value("_failedCommittables", "")).isZero();
  }

  /** All expressions of the dashboard, those of its variables too. */
  private static List<String> expressions() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    List<String> expressions = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels")) {
      panel.get("targets").forEach(target -> expressions.add(target.get("expr").asText()));
    }
    for (JsonNode variable : dashboard.get("templating").get("list")) {
      if (variable.get("type").asText().equals("query")) {
        expressions.add(variable.get("query").get("query").asText());
      }
    }
    return expressions;
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The greatest value of the metrics whose names end so and that have the label. */
  private static double value(String nameEnd, String table) {
    return scraped
        .lines()
        .filter(line -> !line.startsWith("#"))
        .filter(line -> line.replaceFirst("[{ ].*", "").endsWith(nameEnd))
        .filter(line -> table.isEmpty() || line.contains("table=\"" + table + "\""))
        .mapToDouble(line -> Double.parseDouble(line.replaceFirst(".*\\s", "")))
        .max()
        .orElse(-1);
  }

  private static String scrape(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
