package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cluster.ClusterClient;
import io.datamirror.cluster.ClusterPages;
import io.datamirror.cluster.ClusterSettings;
import io.datamirror.cluster.LoadedClasses;
import io.datamirror.cluster.RealCluster;
import io.datamirror.cluster.WebSubmission;
import io.datamirror.testkit.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.awaitility.Awaitility;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a cluster of real processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
  private static final Golden GOLDEN = Golden.read("/io/datamirror/cli/bad-cluster.golden");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PROMETHEUS_PORTS = 20;

  /** The first job, by a driver's exception, and the last ones, by three statics of Java itself. */
  private static final long KEPT_BY_STATICS = 4;

  private static final String SPEC =
      """
      mirror: shop
      source:
        type: jdbc
        url: $URL
        user: keeper
        password: ${file:$DIR/password}
        poll-interval: 200ms
        settle: 0s
      lake:
        catalog: { type: jdbc, uri: "jdbc:sqlite:$DIR/lake/catalog.db", warehouse: $DIR/lake }
        namespace: shop
      defaults:
        feed: change-table
        primary-key: [ID, CODE]
        version: [REVISION]
        operation: OP
        cursor: SEQ
        columns: { exclude: [SEQ] }
      tables:
        - { name: orders, source: PUBLIC.ORDERS_CHANGES }
      """;

  private static final String SECOND_TABLE =
      "  - { name: clients, source: PUBLIC.CLIENTS_CHANGES }\n";

  private final long seed = System.nanoTime();
  private final Canaries canaries = new Canaries(seed);
  private final int prometheus = FreePorts.firstOf(PROMETHEUS_PORTS);

  private Path directory;
  private Server server;
  private RealCluster cluster;
  private ClusterClient client;

  @BeforeAll
  void start(@TempDir Path place) throws Exception {
    directory = place;
    server = Server.createTcpServer("-tcpPort", "0").start();
    Files.writeString(directory.resolve("password"), canaries.value("password"));
    sql("CREATE USER keeper PASSWORD '" + canaries.value("password") + "' ADMIN");
    for (String table : List.of("ORDERS", "CLIENTS")) {
      sql(
          "CREATE TABLE "
              + table
              + "_CHANGES (SEQ BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
              + " OP VARCHAR(10), ID INTEGER NOT NULL, CODE INTEGER NOT NULL,"
              + " REVISION BIGINT NOT NULL, NOTE VARCHAR)");
      add(table, 1);
    }
    ClusterSettings size =
        ClusterSettings.of(1, 2)
            .with(
                Map.of(
                    "execution.checkpointing.interval",
                    "500 ms",
                    "web.refresh-interval",
                    "200",
                    "taskmanager.memory.process.size",
                    "1300 mb",
                    "metrics.reporters",
                    "prometheus",
                    "metrics.reporter.prometheus.factory.class",
                    "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
                    "metrics.reporter.prometheus.port",
                    prometheus + "-" + (prometheus + PROMETHEUS_PORTS - 1)));
    cluster = RealCluster.start(directory.resolve("cluster"), size);
    client = ClusterClient.of(cluster.address());
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      client.close();
      cluster.close();
    }
    server.stop();
  }

  @AfterEach
  void endJobs() {
    client.jobs().stream()
        .filter(job -> !job.status().isGloballyTerminalState())
        .forEach(job -> client.cancel(job.id()));
  }

  @Test
  void the_state_of_a_cluster_is_told() {
    String place = directory.resolve("cluster").toString();
    // A job that has ended gives its slots back a moment later.
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Cli.run("cluster", "status", "--dir", place).out())
                    .contains("slots          2 of 2 free"));

    Cli.Result result = Cli.run("cluster", "status", "--dir", place);

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("rest           " + cluster.address(), "flink          2.", "task managers  1")
        .contains("jobmanager     process ");
  }

  @Test
  void a_bounded_run_is_waited_for_in_both_modes() throws Exception {
    for (String mode : List.of("streaming", "batch")) {
      add("ORDERS", 2);
      Cli.Result result = run(spec(SPEC), "--until", "now", "--mode", mode);

      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.out()).contains("orders ");
      assertThat(verify(spec(SPEC))).isZero();
    }
  }

  @Test
  void jobs_that_ended_leave_no_classes_in_the_cluster() throws Exception {
    WebSubmission jar = new WebSubmission(cluster.address(), RealCluster.jar());
    String spec = spec(SPEC).toString();
    LoadedClasses classes = new LoadedClasses(cluster.cluster().processes());

    for (int job = 0; job < 2; job++) {
      runAndCancel(jar, spec);
    }
    Map<String, Long> before = classes.loaders();
    for (int job = 0; job < 4; job++) {
      runAndCancel(jar, spec);
    }

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(classes.loaders())
                    .allSatisfy(
                        (process, loaders) ->
                            assertThat(loaders)
                                .as("%s, %s before", process, before)
                                .isLessThanOrEqualTo(
                                    Math.max(before.get(process) + 1, KEPT_BY_STATICS))));
  }

  private void runAndCancel(WebSubmission jar, String spec) throws Exception {
    add("ORDERS", 1);
    JobID job = jar.run("run", "--spec", spec);
    awaitCheckpoint(job);
    client.cancel(job);
  }

  @Test
  void a_submission_that_is_refused_leaves_the_cluster_and_its_jobs_alone() throws Exception {
    WebSubmission jar = new WebSubmission(cluster.address(), RealCluster.jar());
    JobID job = jar.run("run", "--spec", spec(SPEC).toString());
    awaitCheckpoint(job);
    String missing = directory.resolve("missing.yaml").toString();

    assertThat(jar.refusal("run", "--spec", missing)).contains("MIRROR-1", missing);
    assertThat(jar.refusal("run")).contains("MIRROR-1016 mirror run: missing required option");

    assertThat(client.status(job)).isEqualTo(JobStatus.RUNNING);
    assertThat(client.restarted(job)).isFalse();
  }

  @Test
  void no_page_log_metric_or_savepoint_tells_a_secret_and_operators_have_names() throws Exception {
    // Written into the spec itself, which is worse than a reference: it travels with the job.
    String told =
        SPEC.replace("${file:$DIR/password}", canaries.value("password"))
            .replace("{ type: jdbc,", "{ type: jdbc, token: " + canaries.value("token") + ",");
    Path spec = spec("literal.yaml", told);
    JobID job = submit(spec);
    ClusterPages pages = new ClusterPages(cluster.address());

    assertThat(pages.read("/jobs/" + job + "/plan"))
        .contains("read shop", "split", "resolve and write", "commit");
    assertThat(pages.read("/jobs/" + job + "/config"))
        .contains("data-mirror.mirror", "data-mirror.spec", spec.toString());
    String savepoint = client.savepoint(job, null);
    Map<String, String> all = pages.all(job.toString());
    assertThat(all).hasSizeGreaterThan(60).containsKey("/jobs/" + job + "/exceptions");
    all.forEach((path, text) -> assertSilent(path, text));
    Map<String, String> metrics = ClusterPages.metrics(prometheus, PROMETHEUS_PORTS);
    assertThat(metrics.values())
        .anyMatch(text -> text.contains("_mirror_table_upserts"))
        .as("as the dashboard has it")
        .anyMatch(text -> text.contains("job_name=\"mirror_shop\""));
    metrics.forEach(this::assertSilent);
    assertSilent(Path.of(URI.create(savepoint)));
    assertSilent(cluster.cluster().checkpoints());
    assertSilent(cluster.cluster().logs());
    assertSilent(directory.resolve("lake"));
  }

  private void assertSilent(Path files) throws IOException {
    Files.walkFileTree(
        files,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes about)
              throws IOException {
            try {
              byte[] content = Files.readAllBytes(file);
              assertThat(canaries.in(content)).as("%s, seed %d", file, seed).isEmpty();
            } catch (NoSuchFileException e) {
              return visitFileFailed(file, e);
            }
            return FileVisitResult.CONTINUE;
          }

          /** A checkpoint may be replaced by the next one meanwhile, but not all that is there. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException && !file.equals(files)) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            return e == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, e);
          }
        });
  }

  private void assertSilent(String path, String text) {
    assertThat(canaries.in(text)).as("%s, seed %d", path, seed).isEmpty();
  }

  @Test
  void a_job_has_what_the_file_of_its_cluster_says_of_checkpoints_and_state() throws Exception {
    JobID job = submit(spec(SPEC));

    ClusterPages pages = new ClusterPages(cluster.address());
    assertThat(pages.read("/jobs/" + job + "/checkpoints/config"))
        .contains("\"interval\":500,", "\"delete_on_cancellation\":false");
    assertThat(pages.read("/jobs/" + job + "/config"))
        .as("of what was given, an upgrade keeps what the command line had alone")
        .doesNotContain("data-mirror.setting.");
  }

  @Test
  void an_upgrade_that_does_not_commit_is_taken_back_to_the_spec_that_was_kept() throws Exception {
    Path edited = spec("edited.yaml", SPEC);
    JobID job = submit(edited, "-D", "execution.checkpointing.interval=700ms");
    spec("edited.yaml", SPEC + SECOND_TABLE);

    assertExplained(upgrade(edited), 3, "edited spec");
    assertThat(client.running("mirror shop").orElseThrow().id()).isEqualTo(job);

    // As many tasks find no slots, so the new job never runs.
    Path kept = spec("kept.yaml", SPEC);
    Cli.Result result =
        upgrade(edited, "--old-spec", kept.toString(), "--parallelism", "50", "--within", "5s");

    assertExplained(result, 1, "rolled back");
    ClusterClient.Job running = client.running("mirror shop").orElseThrow();
    assertThat(running.id()).isNotEqualTo(job);
    assertThat(client.parameters(running.id()))
        .as("it has the settings that it had")
        .containsEntry("data-mirror.setting.execution.checkpointing.interval", "700ms");
    add("ORDERS", 5);
    awaitVerified(kept);
    assertThat(client.status(running.id())).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void an_upgrade_may_change_what_replaces_values_of_the_spec() throws Exception {
    Path spec = spec(SPEC);
    JobID plain = submit(spec);
    awaitVerified(spec);

    Cli.Result quicker = upgrade(spec, "--set", "source.poll-interval=200ms");
    assertThat(quicker.exitCode()).as(quicker.err()).isZero();
    Cli.Result unnamed = upgrade(spec, "--set", "source.poll-interval=300ms");
    assertThat(unnamed.exitCode()).as(unnamed.err()).isEqualTo(3);
    Cli.Result slower =
        upgrade(
            spec, "--old-set", "source.poll-interval=200ms", "--set", "source.poll-interval=300ms");
    assertThat(slower.exitCode()).as(slower.err()).isZero();
    assertThat(client.status(plain)).isEqualTo(JobStatus.FINISHED);
  }

  @Test
  void a_cluster_that_is_not_there_is_named_and_the_lake_left_alone() throws Exception {
    Path spec = spec("nowhere.yaml", SPEC.replace("$DIR/lake", "$DIR/nowhere"));

    assertExplained(
        Cli.run("run", "--spec", spec.toString(), "--cluster", "localhost:1"), 3, "no cluster");
    assertExplained(
        Cli.run("upgrade", "--spec", spec.toString(), "--cluster", "localhost:1"), 3, "no cluster");
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void what_does_not_fit_is_refused_before_anything_is_stopped() throws Exception {
    JobID job = submit(spec(SPEC));
    awaitVerified(spec(SPEC));

    assertExplained(
        upgrade(spec(SPEC), "--jar", jar("Data Mirror", "1.20.1").toString()), 3, "another flink");
    assertExplained(
        upgrade(spec(SPEC), "--jar", jar("Something", "2.3.0").toString()), 2, "another jar");
    assertExplained(
        upgrade(spec("key.yaml", SPEC.replace("primary-key: [ID, CODE]", "primary-key: [ID]"))),
        3,
        "another key");
    assertExplained(
        upgrade(spec("namespace.yaml", SPEC.replace("namespace: shop", "namespace: other"))),
        3,
        "another lake");
    assertExplained(
        upgrade(spec("elsewhere.yaml", SPEC.replace("$DIR/lake", "$DIR/elsewhere"))),
        3,
        "another lake");
    assertThat(directory.resolve("elsewhere")).doesNotExist();
    assertExplained(
        upgrade(spec("other.yaml", SPEC.replace("mirror: shop", "mirror: other"))),
        3,
        "not running");

    assertThat(client.status(job)).isEqualTo(JobStatus.RUNNING);
    assertThat(client.restarted(job)).isFalse();
    assertThat(client.jobs())
        .filteredOn(any -> any.name().startsWith("mirror "))
        .filteredOn(any -> !any.status().isGloballyTerminalState())
        .hasSize(1);
  }

  @Test
  void a_savepoint_of_another_mirror_is_refused() throws Exception {
    JobID running = submit(spec(SPEC));
    awaitVerified(spec(SPEC));
    String savepoint = client.savepoint(running, null);
    Path other =
        spec(
            "other.yaml",
            SPEC.replace("mirror: shop", "mirror: other").replace("$DIR/lake", "$DIR/other"));

    assertExplained(run(other, "--from-savepoint", savepoint), 3, "savepoint of another");
    assertExplained(
        Cli.run("plan", "--spec", other.toString(), "--from-savepoint", savepoint),
        3,
        "savepoint of another");
    assertExplained(
        run(other, "--from-savepoint", directory.resolve("none").toString()), 3, "no savepoint");
    assertExplained(
        Cli.run(
            "plan",
            "--spec",
            spec("elsewhere.yaml", SPEC.replace("$DIR/lake", "$DIR/elsewhere")).toString(),
            "--from-savepoint",
            savepoint),
        3,
        "another lake");
    assertThat(directory.resolve("elsewhere")).doesNotExist();
    assertThat(directory.resolve("other")).doesNotExist();
    assertThat(client.status(running)).isEqualTo(JobStatus.RUNNING);
    assertThat(
            Cli.run("plan", "--spec", spec(SPEC).toString(), "--from-savepoint", savepoint).out())
        .contains("--   orders: goes on after ");
  }

  private Cli.Result run(Path spec, String... options) {
    return cli("run", spec, options);
  }

  private Cli.Result upgrade(Path spec, String... options) {
    return cli("upgrade", spec, options);
  }

  private Cli.Result cli(String verb, Path spec, String... options) {
    return Cli.run(
        Stream.concat(
                Stream.of(
                    verb, "--spec", spec.toString(), "--cluster", cluster.address().toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private JobID submit(Path spec, String... options) {
    Cli.Result result =
        run(
            spec,
            Stream.concat(Stream.of("--parallelism", "1"), Stream.of(options))
                .toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    JobID job =
        JobID.fromHexString(result.out().lines().findFirst().orElseThrow().replace("job     ", ""));
    awaitCheckpoint(job);
    return job;
  }

  private void awaitCheckpoint(JobID job) {
    Awaitility.await().atMost(PATIENCE).until(() -> client.completedCheckpoints(job) > 0);
  }

  private static int verify(Path spec) {
    return Cli.run("verify", "--spec", spec.toString()).exitCode();
  }

  /** Waits until the lake has everything; then it has to be right. */
  private static void awaitVerified(Path spec) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Cli.Result status = Cli.run("status", "--spec", spec.toString());
              assertThat(status.out().lines().skip(1))
                  .isNotEmpty()
                  .allMatch(line -> line.contains(" 0 s "));
            });
    assertThat(verify(spec)).isZero();
  }

  private Path spec(String text) throws IOException {
    return spec("shop.yaml", text);
  }

  private Path spec(String name, String text) throws IOException {
    String url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:shop";
    return Files.writeString(
        directory.resolve(name), text.replace("$URL", url).replace("$DIR", directory.toString()));
  }

  private Path jar(String title, String flink) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.IMPLEMENTATION_TITLE, title);
    attributes.putValue("Flink-Version", flink);
    Path file = directory.resolve("other.jar");
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    return file;
  }

  private static void add(String table, int rows) throws SQLException {
    for (int row = 0; row < rows; row++) {
      sql(
          "INSERT INTO "
              + table
              + "_CHANGES (OP, ID, CODE, REVISION, NOTE) SELECT 'u', COUNT(*) / 2, 1, COUNT(*),"
              + " 'note' FROM "
              + table
              + "_CHANGES");
    }
  }

  private static void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1");
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private void assertExplained(Cli.Result result, int exitCode, String golden) {
    String said =
        result
            .err()
            .replace(directory.toString(), "$DIR")
            .replace(cluster.address().toString(), "$CLUSTER")
            .replace(RealCluster.home().version().toString(), "$FLINK")
            .replaceAll("[0-9a-f]{32}", "\\$JOB")
            .replaceAll("\\S*savepoint-[0-9a-f-]+", "\\$SAVEPOINT")
            .replaceAll("epoch [0-9]+", "epoch \\$N")
            .lines()
            .filter(line -> line.startsWith("MIRROR-"))
            .collect(Collectors.joining("\n"));
    assertThat(said).as(golden + " in " + result.err()).isEqualTo(GOLDEN.text(golden));
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }
}
