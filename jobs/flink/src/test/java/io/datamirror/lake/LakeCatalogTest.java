package io.datamirror.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LakeCatalogTest {

  private static final SecretSource SECRETS = reference -> "canary-7Hq2";
  private static final List<Function<LakeSpec, LakeCatalog>> OPENINGS =
      List.of(
          lake -> LakeCatalog.open(lake, SECRETS), lake -> LakeCatalog.initialise(lake, SECRETS));

  @TempDir Path directory;

  @Test
  void directories_are_created_once_and_the_catalog_opens_again() {
    try (LakeCatalog first = TestMirror.catalog(directory.resolve("a/b"))) {
      first.createNamespace();
      assertThat(first.probe()).isEqualTo(Probed.ALL);
    }
    try (LakeCatalog second =
        LakeCatalog.open(TestMirror.lake(directory.resolve("a/b")), SECRETS)) {
      assertThat(second.find("t")).isEmpty();
    }
    assertThat(directory.resolve("a/b/warehouse")).isEmptyDirectory();
  }

  @Test
  void a_database_without_a_catalog_is_a_lake_that_is_not_there_yet() throws Exception {
    LakeSpec lake = TestMirror.lake(directory);
    Files.createFile(directory.resolve("catalog.db"));

    assertThat(LakeCatalog.missing(lake, SECRETS)).isTrue();
    assertThat(LakeCatalog.existing(lake, SECRETS)).isEmpty();
    assertThat(LakeCatalog.probePlace(lake, SECRETS)).isEqualTo(Probed.ALL);
    assertThat(columns()).isEmpty();
    assertThat(LakeCatalog.probePlace(jdbc("jdbc:postgresql://db/lake"), SECRETS).untried())
        .isEqualTo("; writing its catalog was not tried");
  }

  @Test
  void looking_at_a_catalog_of_the_older_layout_leaves_it_as_it_is() throws Exception {
    LakeSpec lake = TestMirror.lake(directory);
    Map<String, SecretText> older = new LinkedHashMap<>(lake.catalog());
    older.put("jdbc.schema-version", SecretText.of("V0"));
    try (LakeCatalog catalog =
        LakeCatalog.initialise(new LakeSpec(older, lake.namespace()), SECRETS)) {
      new LakeTables(catalog, "mirror", OnHistoryLost.STOP).prepare(List.of(TestMirror.table("t")));
    }

    try (LakeCatalog seen = LakeCatalog.existing(lake, SECRETS).orElseThrow()) {
      assertThat(seen.find("t")).isPresent();
      assertThat(seen.tables()).contains("t");
    }
    assertThat(columns()).isNotEmpty().doesNotContain("iceberg_type");
    TestMirror.catalog(directory).close();
    assertThat(columns()).contains("iceberg_type");
    try (LakeCatalog seen = LakeCatalog.existing(lake, SECRETS).orElseThrow()) {
      assertThat(seen.find("t")).isPresent();
    }
  }

  /** Of the table of tables in the catalog's database. */
  private List<String> columns() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("catalog.db"));
        ResultSet columns =
            connection.getMetaData().getColumns(null, null, "iceberg_tables", null)) {
      while (columns.next()) {
        names.add(columns.getString("COLUMN_NAME"));
      }
    }
    return names;
  }

  @Test
  void a_warehouse_that_is_not_there_yet_is_looked_at_and_not_created() throws Exception {
    Path place = directory.resolve("new/lake");
    try (LakeCatalog files = LakeCatalog.open(in("file://" + place, "hadoop"), SECRETS)) {
      assertThat(files.probe()).isEqualTo(Probed.ALL);
      assertThat(files.find("t")).isEmpty();
    }
    assertThat(directory).isEmptyDirectory();

    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    try (LakeCatalog files =
        LakeCatalog.open(in("file://" + file.resolve("lake"), "hadoop"), SECRETS)) {
      assertThatThrownBy(files::probe)
          .isInstanceOf(MirrorException.class)
          .hasMessageContaining("this directory of the lake cannot be created");
    }
  }

  @Test
  void what_could_not_be_tried_without_a_trace_is_told() {
    try (LakeCatalog names = LakeCatalog.initialise(in("s3://bucket/lake", "jdbc"), SECRETS);
        LakeCatalog files = LakeCatalog.initialise(in("file://" + directory, "hadoop"), SECRETS);
        LakeCatalog other = new LakeCatalog(new InMemoryCatalog(), "ns", "file://" + directory);
        LakeCatalog named = new LakeCatalog(new InMemoryCatalog(), "ns", "")) {
      assertThat(names.probe().words())
          .isEqualTo("its catalog can be written; writing files was not tried");
      assertThat(files.probe().words()).isEqualTo("can be written");
      assertThat(other.probe().words())
          .isEqualTo("files can be written; writing its catalog was not tried");
      assertThat(named.probe().words()).isEqualTo("can be opened; writing was not tried");
    }
  }

  private LakeSpec in(String warehouse, String type) {
    Map<String, SecretText> properties =
        new LinkedHashMap<>(jdbc("jdbc:sqlite:" + directory.resolve("names.db")).catalog());
    properties.put("type", SecretText.of(type));
    properties.put("warehouse", SecretText.of(warehouse));
    return new LakeSpec(properties, "mirrored");
  }

  @Test
  void the_directories_may_have_any_names() {
    Path odd = directory.resolve("C# [1] 50%20 ö").resolve("a|b");
    try (LakeCatalog catalog = TestMirror.catalog(odd)) {
      new LakeTables(catalog, "mirror", OnHistoryLost.STOP).prepare(List.of(TestMirror.table("t")));
      catalog.probe();
      assertThat(catalog.find("t")).isPresent();
    }
    assertThat(odd.resolve("warehouse/mirrored/t/metadata")).isNotEmptyDirectory();
  }

  @Test
  void a_catalog_can_be_initialised_by_many_at_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tasks.add(
          () -> {
            try (LakeCatalog catalog = TestMirror.catalog(directory)) {
              catalog.createNamespace();
              return null;
            }
          });
    }
    for (Future<Void> done : threads.invokeAll(tasks)) {
      done.get();
    }
    threads.shutdown();
  }

  @Test
  void a_missing_driver_is_named() {
    assertThatThrownBy(
            () -> LakeCatalog.initialise(jdbc("jdbc:nosuch://host/?password=${env:P}"), SECRETS))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-2003 lake catalog: no JDBC driver accepts the URL")
        .satisfies(LakeCatalogTest::holdsNoSecret);
  }

  @Test
  void a_catalog_that_cannot_be_reached_is_named_without_its_url() {
    String nowhere = "jdbc:postgresql://127.0.0.1:1/x?user=u&password=${env:P}&connectTimeout=1";
    assertThatThrownBy(() -> LakeCatalog.open(jdbc(nowhere), SECRETS))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-3001 lake catalog: the catalog does not answer (")
        .satisfies(LakeCatalogTest::holdsNoSecret);
  }

  @Test
  void a_class_that_is_no_catalog_is_named() {
    Map<String, SecretText> properties = new LinkedHashMap<>();
    properties.put("catalog-impl", SecretText.of("no.such.Catalog"));
    assertThatThrownBy(() -> LakeCatalog.open(new LakeSpec(properties, "ns"), SECRETS))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(
            "MIRROR-3001 lake catalog: a class of the catalog or its storage is missing:"
                + " no.such.Catalog (")
        .hasMessageEndingWith("Put its jar into lib/, or mend the name of the class in the spec.");
  }

  @Test
  void a_catalog_whose_client_is_not_there_says_which_class_is_missing() {
    Map<String, SecretText> properties = new LinkedHashMap<>();
    properties.put("type", SecretText.of("hive"));
    properties.put("uri", SecretText.of("thrift://127.0.0.1:1"));

    for (Function<LakeSpec, LakeCatalog> opening : OPENINGS) {
      assertThatThrownBy(() -> opening.apply(new LakeSpec(properties, "ns")))
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith(
              "MIRROR-3001 lake catalog: a class of the catalog or its storage is missing:"
                  + " org.apache.hadoop.hive.")
          .hasMessageContaining("Put its jar into lib/");
    }
  }

  @Test
  void a_storage_whose_client_is_not_there_says_which_class_is_missing() {
    Map<String, SecretText> properties = new LinkedHashMap<>(TestMirror.lake(directory).catalog());
    properties.put("io-impl", SecretText.of("org.apache.iceberg.aws.s3.S3FileIO"));
    TestMirror.catalog(directory).close();

    assertThatThrownBy(
            () -> {
              try (LakeCatalog catalog =
                  LakeCatalog.open(new LakeSpec(properties, "mirrored"), SECRETS)) {
                new LakeTables(catalog, "mirror", OnHistoryLost.STOP)
                    .prepare(List.of(TestMirror.table("t")));
              }
            })
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining(
            ": a class of the catalog or its storage is missing: software.amazon.awssdk.");
  }

  @Test
  void a_catalog_that_cannot_be_written_is_named() {
    TestMirror.catalog(directory).close();
    LakeSpec readOnly =
        jdbc("jdbc:sqlite:" + directory.resolve("catalog.db") + "?open_mode=1&busy_timeout=10");
    try (LakeCatalog catalog = LakeCatalog.open(readOnly, SECRETS)) {
      assertThatThrownBy(catalog::createNamespace)
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-3002 namespace mirrored: the lake cannot be written");
    }
  }

  @Test
  void a_warehouse_that_cannot_be_created_is_named() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    assertThatThrownBy(() -> TestMirror.catalog(file))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-3002 ")
        .hasMessageContaining("this directory of the lake cannot be created");
  }

  @Test
  void relative_places_are_made_absolute_and_secrets_stay_references() {
    Map<String, SecretText> properties = new LinkedHashMap<>();
    properties.put("type", SecretText.of("jdbc"));
    properties.put("uri", SecretText.of("jdbc:sqlite:./lake/catalog.db"));
    properties.put("warehouse", SecretText.of("./lake"));
    properties.put(
        "jdbc.password", SecretText.parse("${env:P}", SecretText.Display.HIDDEN).orElseThrow());
    LakeSpec absolute = LakeCatalog.absolute(new LakeSpec(properties, "ns"));
    Path here = Path.of("").toAbsolutePath();
    assertThat(absolute.catalog().get("uri").resolve(SECRETS))
        .isEqualTo("jdbc:sqlite:" + here.resolve("lake/catalog.db"));
    assertThat(absolute.catalog().get("warehouse").resolve(SECRETS))
        .isEqualTo("file://" + here.resolve("lake"));
    assertThat(absolute.catalog().get("jdbc.password").hasReference()).isTrue();
    assertThat(LakeCatalog.absolute(absolute)).isEqualTo(absolute);
  }

  @Test
  void sqlite_is_told_to_wait_and_to_let_readers_in() {
    Map<String, String> settings = CatalogSettings.of(jdbc("jdbc:sqlite:/x/c.db"), SECRETS);
    assertThat(settings)
        .containsEntry("uri", "jdbc:sqlite:/x/c.db?busy_timeout=30000&journal_mode=WAL")
        .containsEntry("jdbc.schema-version", "V1");
    assertThat(CatalogSettings.of(jdbc("jdbc:sqlite::memory:"), SECRETS).get("uri"))
        .startsWith("jdbc:sqlite::memory:");
  }

  @Test
  void the_warehouse_of_a_rest_catalog_is_a_name_and_stays_as_it_is() {
    for (LakeSpec rest :
        List.of(
            rest("type", "rest"), rest("catalog-impl", "org.apache.iceberg.rest.RESTCatalog"))) {
      assertThat(CatalogSettings.of(rest, SECRETS)).containsEntry("warehouse", "shop");
      assertThat(LakeCatalog.absolute(rest).warehouse()).isEqualTo(rest.warehouse());
    }
  }

  @Test
  @Timeout(60)
  void a_catalog_that_takes_a_request_and_falls_silent_is_given_up() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Map<String, SecretText> properties = new LinkedHashMap<>(rest("type", "rest").catalog());
      properties.put("uri", SecretText.of("http://127.0.0.1:" + silent.getLocalPort()));
      properties.put("rest.client.socket-timeout-ms", SecretText.of("300"));

      assertThatThrownBy(() -> LakeCatalog.open(new LakeSpec(properties, "mirrored"), SECRETS))
          .isInstanceOf(MirrorException.class)
          .hasMessageStartingWith("MIRROR-3001 lake catalog: the catalog does not answer (")
          .hasMessageContaining("SocketTimeoutException");
    }
  }

  @Test
  void no_catalog_behind_a_network_is_waited_for_without_end() {
    assertThat(CatalogSettings.of(rest("type", "rest"), SECRETS))
        .containsEntry("rest.client.connection-timeout-ms", "30000")
        .containsEntry("rest.client.socket-timeout-ms", "60000");
    assertThat(CatalogSettings.of(jdbc("jdbc:postgresql://db.example.com/catalog"), SECRETS))
        .containsEntry("jdbc.socketTimeout", "60")
        .containsEntry("jdbc.tcpKeepAlive", "true");
    for (String kind : List.of("mysql", "mariadb")) {
      assertThat(CatalogSettings.of(jdbc("jdbc:" + kind + "://db.example.com/catalog"), SECRETS))
          .containsEntry("jdbc.socketTimeout", "60000");
    }
  }

  @Test
  void the_limit_of_the_spec_counts() {
    assertThat(CatalogSettings.of(jdbc("jdbc:postgresql://db/c?socketTimeout=5"), SECRETS))
        .doesNotContainKey("jdbc.socketTimeout");
    LakeSpec plain = jdbc("jdbc:postgresql://db/c");
    Map<String, SecretText> properties = new LinkedHashMap<>(plain.catalog());
    properties.put("jdbc.socketTimeout", SecretText.of("7"));
    assertThat(CatalogSettings.of(new LakeSpec(properties, "mirrored"), SECRETS))
        .containsEntry("jdbc.socketTimeout", "7");
  }

  @Test
  void no_directory_is_created_for_the_warehouse_of_a_rest_catalog() {
    Map<String, SecretText> properties = new LinkedHashMap<>(rest("type", "rest").catalog());
    properties.put("uri", SecretText.of("http://127.0.0.1:1"));
    properties.put("warehouse", SecretText.of("file://" + directory.resolve("lake")));

    assertThatThrownBy(() -> LakeCatalog.initialise(new LakeSpec(properties, "ns"), SECRETS))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-3001 lake catalog: the catalog does not answer (");
    assertThat(directory).isEmptyDirectory();
  }

  private static LakeSpec rest(String key, String value) {
    Map<String, SecretText> properties = new LinkedHashMap<>();
    properties.put(key, SecretText.of(value));
    properties.put("uri", SecretText.of("https://catalog.example.com"));
    properties.put("warehouse", SecretText.of("shop"));
    return new LakeSpec(properties, "mirrored");
  }

  private LakeSpec jdbc(String uri) {
    Map<String, SecretText> properties = new LinkedHashMap<>();
    properties.put("type", SecretText.of("jdbc"));
    properties.put("uri", SecretText.parse(uri, SecretText.Display.URL).orElseThrow());
    properties.put("warehouse", SecretText.of(directory.resolve("warehouse").toString()));
    return new LakeSpec(properties, "mirrored");
  }

  private static void holdsNoSecret(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    assertThat(text.toString()).doesNotContain("canary");
  }
}
