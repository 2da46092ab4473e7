package io.datamirror.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;

/**
 * Submits a jar through the REST interface, as the web UI and the Kubernetes operator's session
 * jobs do: {@code main} runs in the job manager.
 */
public final class WebSubmission {

  private static final String BOUNDARY = "a-boundary-between-parts";

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final String jars;
  private final String jar;

  /** Uploads the jar; the cluster keeps it. */
  public WebSubmission(ClusterAddress address, Path file) throws IOException, InterruptedException {
    this.jars = "http://" + address + "/jars/";
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(
                "--"
                    + BOUNDARY
                    + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                    + file.getFileName()
                    + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n"),
            BodyPublishers.ofFile(file),
            BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    String name = post("upload", "multipart/form-data; boundary=" + BOUNDARY, body, "filename");
    this.jar = name.substring(name.lastIndexOf('/') + 1);
  }

  /** Runs the jar with these arguments. */
  public JobID run(String... arguments) throws IOException, InterruptedException {
    return JobID.fromHexString(post(jar + "/run", "application/json", request(arguments), "jobid"));
  }

  /** What the cluster says to these arguments, which it must not run. */
  public String refusal(String... arguments) throws IOException, InterruptedException {
    HttpResponse<String> answer = post(jar + "/run", "application/json", request(arguments));
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    return answer.body();
  }

  private BodyPublisher request(String... arguments) throws IOException {
    return BodyPublishers.ofString(
        json.writeValueAsString(Map.of("programArgsList", List.of(arguments))));
  }

  private String post(String path, String type, BodyPublisher body, String field)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = post(path, type, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json.readTree(answer.body()).get(field).asText();
  }

  private HttpResponse<String> post(String path, String type, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(jars + path))
            .header("Content-Type", type)
            .POST(body)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
