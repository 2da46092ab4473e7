package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cli.CanaryDriver.Mood;
import io.datamirror.job.JobSettings;
import io.datamirror.job.Launch;
import io.datamirror.job.MirrorJob;
import io.datamirror.job.Preparation;
import io.datamirror.source.SourceSettings;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten secrets, and all that a user can do with a spec that refers to them. None is ever told: not
 * on the console, not in a log at TRACE, not in the lake, not in the job's graph, not in a
 * savepoint. The driver of these tests tells all that it knows in every message.
 */
class SecretsIT {
  private final long seed = System.nanoTime();
  private final Canaries canaries = new Canaries(seed);

  @TempDir private Path directory;
  private Shop shop;
  private CanaryLog log;

  @BeforeEach
  void listen() throws SQLException {
    shop = Shop.withOrders(directory);
    CanaryDriver.feel(Mood.WELL);
    Canaries.NAMES.forEach(name -> shop.write("secret-" + name, canaries.value(name)));
    log = CanaryLog.listen(canaries);
  }

  @AfterEach
  void nothing_was_told() throws IOException {
    log.close();
    assertThat(log.hits()).as("seed %d", seed).isEmpty();
    assertSilent(shop.lake());
  }

  @Test
  void validate() {
    silent(0, "validate", "--spec", spec());
    silent(0, "validate", "--spec", literal(), "-o", "json");
  }

  @Test
  void check_and_plan() {
    silent(0, "check", "--spec", spec());
    silent(0, "plan", "--spec", spec());
    silent(0, "check", "--spec", literal());
    assertTheDriverGotThem();
  }

  @Test
  void run_status_query_verify_apply_and_upgrade() {
    silent(0, "run", "--spec", spec(), "--until", "now");
    assertTheDriverGotThem();
    silent(0, "run", "--spec", spec(), "--until", "now", "--mode", "batch");
    silent(0, "status", "--spec", spec(), "-o", "json");
    silent(0, "query", "--spec", spec(), "SELECT * FROM orders", "-o", "csv");
    silent(0, "verify", "--spec", spec());
    silent(0, "relations", "check", "--spec", spec());
    silent(0, apply("ID,REVISION,OP\n1,2,d\n"));
    silent(1, apply("ID,REVISION,OP\n1,,d\n"));
    silent(3, "upgrade", "--spec", spec(), "--cluster", "localhost:" + FreePorts.one());
  }

  private String[] apply(String changes) {
    String file = shop.write("changes.csv", changes).toString();
    return new String[] {"apply", "--spec", spec(), "--table", "orders", file};
  }

  @Test
  void model() {
    for (String spec : new String[] {spec(), literal()}) {
      silent(0, "model", "--spec", spec, "-o", "html");
      silent(0, "model", "--spec", spec, "--as", "spec");
    }
    silent(2, "model", "--spec", spec(), "--from-source");
    assertTheDriverGotThem();
  }

  @Test
  void a_wrong_password() {
    CanaryDriver.feel(Mood.REFUSES_THE_PASSWORD);
    for (String spec : new String[] {spec(), literal()}) {
      silent(3, "check", "--spec", spec);
      silent(3, "run", "--spec", spec, "--until", "now");
    }
    assertTheDriverGotThem();
  }

  @Test
  void a_host_that_is_down() {
    CanaryDriver.feel(Mood.DOES_NOT_ANSWER);
    silent(3, "check", "--spec", spec());
    silent(3, "run", "--spec", spec(), "--until", "now");
    silent(0, "status", "--spec", spec());
  }

  @Test
  void a_spec_that_is_no_yaml() {
    for (String spec : new String[] {text(true), text(false)}) {
      String broken = spec.replace("tables:", "tables: [");
      silent(2, "validate", "--spec", shop.write("broken.yaml", broken).toString());
      silent(2, "run", "--spec", directory.resolve("broken.yaml").toString(), "--until", "now");
    }
  }

  @Test
  void an_unknown_key() {
    for (String spec : new String[] {text(true), text(false)}) {
      String broken = spec.replace("  password:", "  passwort:");
      silent(2, "validate", "--spec", shop.write("broken.yaml", broken).toString());
    }
  }

  @Test
  void a_column_that_is_not_there() {
    String broken = text(true).replace("[REVISION]", "[VERSION]");
    silent(2, "run", "--spec", shop.write("broken.yaml", broken).toString(), "--until", "now");
  }

  @Test
  void a_task_that_crashes() {
    CanaryDriver.feel(Mood.FAILS_AT_READING);
    silent(1, "run", "--spec", spec(), "--until", "now");
    silent(1, "verify", "--spec", specOfAMirror());
    assertThat(log.events()).isGreaterThan(1_000);
  }

  /** A lake must be there for verify to get as far as reading. */
  private String specOfAMirror() {
    CanaryDriver.feel(Mood.WELL);
    silent(0, "run", "--spec", spec(), "--until", "now");
    CanaryDriver.feel(Mood.FAILS_AT_READING);
    return spec();
  }

  @Test
  void the_graph_of_the_job_and_a_savepoint() throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
    environment.enableCheckpointing(200);
    Launch launch = Preparation.prepare(SpecReader.read(Path.of(spec())), SecretSource.ofProcess());
    new MirrorJob(launch, JobSettings.of(SourceSettings.Until.STOPPED)).attachTo(environment);
    var graph = environment.getStreamGraph(false);
    assertThat(canaries.in(InstantiationUtil.serializeObject(graph.getJobGraph()))).isEmpty();

    JobClient job = environment.executeAsync(graph);
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> job.getJobStatus().get() == JobStatus.RUNNING && mirrored());
    } catch (ConditionTimeoutException e) {
      job.cancel().get();
      throw e;
    }
    Path savepoint = directory.resolve("savepoint");
    job.stopWithSavepoint(false, savepoint.toUri().toString(), SavepointFormatType.CANONICAL).get();
    assertSilent(savepoint);
  }

  private boolean mirrored() {
    return Cli.run("status", "--spec", spec()).out().contains("following");
  }

  private void silent(int exitCode, String... arguments) {
    Cli.Result result = Cli.run(arguments);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    assertThat(canaries.in(result.out() + result.err())).as("seed %d", seed).isEmpty();
  }

  private void assertTheDriverGotThem() {
    assertThat(canaries.in(CanaryDriver.seen()))
        .contains(
            "password",
            "url-query",
            "url-user-info",
            "private-key",
            "passphrase",
            "trust-store-password");
  }

  private void assertSilent(Path files) throws IOException {
    if (!Files.exists(files)) {
      return;
    }
    List<String> told = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(files)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        canaries.in(Files.readAllBytes(file)).forEach(name -> told.add(name + " in " + file));
        canaries.in(file.toString()).forEach(name -> told.add(name + " as " + file));
      }
    }
    assertThat(told).as("seed %d", seed).isEmpty();
  }

  private String spec() {
    return shop.write("shop.yaml", text(true)).toString();
  }

  private String literal() {
    return shop.write("literal.yaml", text(false)).toString();
  }

  /** The spec, with references to the secrets or, where that is not refused, the secrets. */
  private String text(boolean references) {
    String url =
        "jdbc:canary://keeper:%s@%s;token=%s"
            .formatted(
                reference("url-user-info"), directory.resolve("source"), reference("url-query"));
    String properties =
        "password: %s\n  properties: { private_key: %s, passphrase: %s, trustStorePassword: %s }"
            .formatted(
                told("password", references),
                told("private-key", references),
                told("passphrase", references),
                told("trust-store-password", references));
    String catalog =
        "credential: %s, token: %s, header.Authorization: %s, s3.secret-access-key: %s,"
            .formatted(
                told("rest-credential", references),
                told("token", references),
                told("header", references),
                told("s3-secret", references));
    return shop.text("password: ${file:$DIR/password}", properties)
        .replace("url: " + shop.url(), "url: \"" + url + "\"")
        .replace("type: jdbc, uri:", "type: jdbc, " + catalog + " uri:");
  }

  private String told(String name, boolean references) {
    return references ? '"' + reference(name) + '"' : canaries.value(name);
  }

  private String reference(String name) {
    return "${file:" + directory.resolve("secret-" + name) + "}";
  }
}
