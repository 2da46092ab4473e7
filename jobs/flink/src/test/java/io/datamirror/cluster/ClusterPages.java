package io.datamirror.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a cluster tells through its REST interface and to Prometheus. */
public final class ClusterPages {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String root;

  public ClusterPages(ClusterAddress address) {
    this.root = "http://" + address;
  }

  /** A page that must be there. */
  public String read(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(root + path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }

  /** All pages about the cluster and a job of it, by their paths; what is an error is told too. */
  public Map<String, String> all(String job) throws IOException, InterruptedException {
    List<String> paths = new ArrayList<>();
    addAll(paths, "", "config", "overview", "jobs", "jobs/overview", "jobs/metrics", "jars");
    addAll(paths, "", "taskmanagers", "taskmanagers/metrics", "datasets");
    addAll(paths, "/jobmanager/", "config", "environment", "metrics", "log", "stdout");
    addAll(paths, "/jobmanager/", "thread-dump");
    addLogs(paths, "/jobmanager");
    for (JsonNode manager : tree("/taskmanagers").get("taskmanagers")) {
      String path = "/taskmanagers/" + manager.get("id").asText();
      paths.add(path);
      addAll(paths, path + "/", "metrics", "log", "stdout", "thread-dump");
      addLogs(paths, path);
    }
    String about = "/jobs/" + job;
    paths.add(about);
    addAll(paths, about + "/", "accumulators?includeSerializedValue=true", "checkpoints");
    addAll(paths, about + "/", "checkpoints/config", "config", "exceptions", "metrics", "plan");
    addAll(paths, about + "/", "jobmanager/config", "jobmanager/environment", "status");
    addAll(paths, about + "/", "jobmanager/log-url", "execution-result");
    for (JsonNode vertex : tree(about).get("vertices")) {
      String path = about + "/vertices/" + vertex.get("id").asText();
      paths.add(path);
      addAll(paths, path + "/", "accumulators", "metrics", "subtasks/accumulators", "watermarks");
      addAll(paths, path + "/", "subtasks/0", "subtasks/metrics", "taskmanagers", "subtasktimes");
      addAll(paths, path + "/", "subtasks/0/metrics", "backpressure", "jm-operator-metrics");
    }
    Map<String, String> pages = new TreeMap<>();
    for (String path : paths) {
      pages.put(path, get(root + path).body());
    }
    return pages;
  }

  private void addLogs(List<String> paths, String process)
      throws IOException, InterruptedException {
    paths.add(process + "/logs");
    for (JsonNode log : tree(process + "/logs").get("logs")) {
      paths.add(process + "/logs/" + log.get("name").asText());
    }
  }

  private static void addAll(List<String> paths, String prefix, String... names) {
    for (String name : names) {
      paths.add(prefix.isEmpty() ? "/" + name : prefix + name);
    }
  }

  private JsonNode tree(String path) throws IOException, InterruptedException {
    return JSON.readTree(read(path));
  }

  /** What Prometheus reads at each port of a range where somebody answers. */
  public static Map<String, String> metrics(int first, int count)
      throws IOException, InterruptedException {
    Map<String, String> metrics = new TreeMap<>();
    for (int port = first; port < first + count; port++) {
      try {
        metrics.put("port " + port, get("http://localhost:" + port + "/metrics").body());
      } catch (ConnectException e) {
        // No process took this one.
        continue;
      }
    }
    return metrics;
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
  }
}
