package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.testkit.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The eleven tables of Chinook, the music shop that many know, on PostgreSQL, each with the time of
 * its rows' last change: the model is discovered, and what is printed runs as it is.
 */
class ModelIT {
  private static final String CHINOOK =
      """
      CREATE TYPE media AS ENUM ('record', 'file');
      CREATE TABLE artist (artist_id int PRIMARY KEY, name varchar(120));
      CREATE TABLE album (album_id int PRIMARY KEY, title varchar(160) NOT NULL, artist_id int NOT NULL REFERENCES artist);
      CREATE TABLE employee (employee_id int PRIMARY KEY, last_name varchar(20) NOT NULL, reports_to int REFERENCES employee,
        hire_date timestamp, address varchar(70));
      CREATE TABLE customer (customer_id int PRIMARY KEY, last_name varchar(20) NOT NULL, email varchar(60) NOT NULL,
        support_rep_id int REFERENCES employee);
      CREATE TABLE genre (genre_id int PRIMARY KEY, name varchar(120));
      CREATE TABLE media_type (media_type_id int PRIMARY KEY, name varchar(120), kind media);
      CREATE TABLE track (track_id int PRIMARY KEY, name varchar(200) NOT NULL, album_id int REFERENCES album,
        media_type_id int NOT NULL REFERENCES media_type, genre_id int REFERENCES genre, composer varchar(220),
        bytes int, unit_price numeric(10, 2) NOT NULL, length interval, tags text[]);
      CREATE TABLE invoice (invoice_id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer,
        invoice_date timestamp NOT NULL, billing_city varchar(40), total numeric(10, 2) NOT NULL);
      CREATE TABLE invoice_line (invoice_line_id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoice,
        track_id int NOT NULL REFERENCES track, unit_price numeric(10, 2) NOT NULL, quantity int NOT NULL);
      CREATE TABLE playlist (playlist_id int PRIMARY KEY, name varchar(120));
      CREATE TABLE playlist_track (playlist_id int REFERENCES playlist, track_id int REFERENCES track,
        PRIMARY KEY (playlist_id, track_id));
      CREATE TABLE session (id int PRIMARY KEY);
      INSERT INTO artist SELECT i, 'artist ' || i FROM generate_series(1, 275) i;
      INSERT INTO album SELECT i, 'album ' || i, 1 + i % 275 FROM generate_series(1, 347) i;
      INSERT INTO employee SELECT i, 'name ' || i, nullif(i / 3, 0), '2002-08-14', NULL FROM generate_series(1, 8) i;
      INSERT INTO customer SELECT i, 'name ' || i, i || '@example.com', 3 + i % 3 FROM generate_series(1, 59) i;
      INSERT INTO genre SELECT i, 'genre ' || i FROM generate_series(1, 25) i;
      INSERT INTO media_type SELECT i, 'type ' || i, 'file' FROM generate_series(1, 5) i;
      INSERT INTO track SELECT i, 'track ' || i, 1 + i % 347, 1 + i % 5, 1 + i % 25, NULL, i, 0.99, '3 minutes', '{a,b}'
        FROM generate_series(1, 3503) i;
      INSERT INTO invoice SELECT i, 1 + i % 59, '2021-01-01', 'Bern', 1.98 FROM generate_series(1, 412) i;
      INSERT INTO invoice_line SELECT i, 1 + i % 412, 1 + i % 3503, 0.99, 1 FROM generate_series(1, 2240) i;
      INSERT INTO playlist SELECT i, 'list ' || i FROM generate_series(1, 18) i;
      INSERT INTO playlist_track SELECT 1 + i % 18, i FROM generate_series(1, 3503) i;
      """;

  /** Nobody can tell when a row of the original changed: a mirror of a table needs that. */
  private static final List<String> CHANGING =
      List.of(
          "artist",
          "album",
          "employee",
          "customer",
          "genre",
          "media_type",
          "track",
          "invoice",
          "invoice_line",
          "playlist",
          "playlist_track");

  @TempDir private Path directory;

  @Test
  void what_is_discovered_runs_unchanged() throws Exception {
    String url = EmbeddedPostgres.shared().newDatabase();
    try (Connection connection = EmbeddedPostgres.shared().connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(CHINOOK);
      for (String table : CHANGING) {
        statement.execute(
            "ALTER TABLE " + table + " ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()");
      }
    }
    Path head =
        Files.writeString(
            directory.resolve("head.yaml"),
            """
            mirror: music
            source: { type: jdbc, url: "%1$s", user: postgres, settle: 0s }
            lake:
              catalog: { type: jdbc, uri: "jdbc:sqlite:%2$s/catalog.db", warehouse: %2$s }
              namespace: music
            """
                .formatted(url, directory.resolve("lake")));

    Cli.Result model =
        Cli.run("model", "--spec", head.toString(), "--from-source", "--schema", "public");

    assertThat(model.exitCode()).as(model.err()).isZero();
    assertThat(model.err())
        .contains("note: public.session: left out, since no column says when a row changed")
        .contains("note: public.track.length: its type interval has no counterpart in the lake");
    assertThat(model.out())
        .contains(
            """
              - name: playlist_track
                source: public.playlist_track
                feed: incremental
                primary-key: [playlist_id, track_id]
                version: [updated_at]
                relationships:
                  - { column: playlist_id, references: playlist.playlist_id, cardinality: "M:1" }
                  - { column: track_id, references: track.track_id, cardinality: "M:1" }
            """
                .stripTrailing());
    assertThat(model.out().lines().filter(line -> line.startsWith("  - name: ")))
        .hasSameSizeAs(CHANGING);
    assertThat(model.out().lines().filter(line -> line.contains("references: "))).hasSize(11);
    Path spec = Files.writeString(directory.resolve("music.yaml"), model.out());
    Cli.Result run =
        Cli.run(
            "run",
            "--spec",
            spec.toString(),
            "--until",
            "now",
            "-D",
            "execution.checkpointing.interval=500ms");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Cli.run("verify", "--spec", spec.toString()).exitCode()).isZero();
    assertThat(Cli.run("relations", "check", "--spec", spec.toString()).exitCode()).isZero();
    assertThat(Cli.run("model", "--spec", spec.toString(), "--as", "spec").out())
        .isEqualTo(model.out());
  }

  /** Names that careless SQL, YAML or markup would choke on, or obey. */
  private static final List<String> ODD =
      List.of(
          "a\"b",
          "\"\"",
          "a'b",
          "a`b",
          "``",
          "[a]",
          "a\\b",
          "a\"; DROP TABLE \"CHILDREN\"; --",
          "/* a */",
          "--",
          "$$",
          "${env:HOME}",
          ":a",
          "?",
          "a%b",
          "a.b",
          " a ",
          "a\tb",
          "a\nb",
          "select",
          "null",
          "yes",
          "<script>alert(1)</script>",
          "&amp;",
          "]]>",
          "“a”",
          "🦉",
          "漢字",
          "e\u0301",
          "\u202Eabc");

  @Test
  void odd_names_go_all_the_way_from_the_source_to_the_picture() throws Exception {
    String url = "jdbc:h2:" + directory.resolve("odd");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      StringBuilder parents = new StringBuilder("CREATE TABLE PARENTS (ID INT PRIMARY KEY");
      StringBuilder children = new StringBuilder("CREATE TABLE CHILDREN (ID INT PRIMARY KEY");
      for (String name : ODD) {
        String quoted = '"' + name.replace("\"", "\"\"") + '"';
        parents.append(", ").append(quoted).append(" INT NOT NULL UNIQUE");
        children.append(", ").append(quoted).append(" INT NOT NULL REFERENCES PARENTS (");
        children.append(quoted).append(')');
      }
      statement.execute(parents + ", VERSION INT NOT NULL)");
      statement.execute(children + ", VERSION INT NOT NULL)");
      for (String table : new String[] {"PARENTS", "CHILDREN"}) {
        statement.execute(
            "INSERT INTO "
                + table
                + " SELECT X"
                + ", X".repeat(ODD.size())
                + ", 1 FROM"
                + " SYSTEM_RANGE(1, 3)");
      }
    }
    Path head =
        Files.writeString(
            directory.resolve("odd.yaml"),
            """
            mirror: odd
            source: { type: jdbc, url: "%s", settle: 0s }
            lake:
              catalog: { type: jdbc, uri: "jdbc:sqlite:%2$s/catalog.db", warehouse: %2$s }
              namespace: odd
            """
                .formatted(url, directory.resolve("odd-lake")));

    Cli.Result model = Cli.run("model", "--spec", head.toString(), "--from-source");
    assertThat(model.exitCode()).as(model.err()).isZero();
    String spec = Files.writeString(directory.resolve("odd-full.yaml"), model.out()).toString();
    Cli.Result run =
        Cli.run(
            "run",
            "--spec",
            spec,
            "--until",
            "now",
            "-D",
            "execution.checkpointing.interval=500ms");
    assertThat(run.exitCode()).as(run.err()).isZero();

    Cli.Result relations = Cli.run("relations", "check", "--spec", spec);
    assertThat(relations.exitCode()).as(relations.out() + relations.err()).isZero();
    assertThat(relations.out().lines().filter(line -> line.contains(": 3 rows, 0 orphans;")))
        .hasSize(ODD.size());
    for (String picture : new String[] {"svg", "html"}) {
      Cli.Result drawn = Cli.run("model", "--spec", spec, "-o", picture);
      assertThat(drawn.out()).doesNotContain("<script").contains("&lt;script&gt;");
    }
    String svg = Cli.run("model", "--spec", spec, "-o", "svg").out();
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(Cli.run("model", "--spec", spec, "-o", "sql").out())
        .contains("r1.`a\"b` AS `parents_a\"b`")
        .containsPattern("t\\.`a``b` = r[0-9]+\\.`a``b`")
        .doesNotContain("parents_a\nb");
  }
}
