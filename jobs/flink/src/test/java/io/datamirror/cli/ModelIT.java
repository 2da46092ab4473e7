package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.testkit.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A music shop on PostgreSQL: its model is discovered, and what is printed runs as it is. */
class ModelIT {
  private static final String SHOP =
      """
      CREATE TYPE media AS ENUM ('record', 'file');
      CREATE TABLE artist (artist_id int PRIMARY KEY, name text, updated_at timestamptz NOT NULL);
      CREATE TABLE album (album_id int PRIMARY KEY, title text NOT NULL, artist_id int NOT NULL REFERENCES artist,
        updated_at timestamptz NOT NULL);
      CREATE TABLE track (track_id int PRIMARY KEY, name text NOT NULL, album_id int REFERENCES album, kind media,
        price numeric(10, 2) NOT NULL, length interval, tags text[], updated_at timestamptz NOT NULL);
      CREATE TABLE playlist (playlist_id int PRIMARY KEY, name text, updated_at timestamptz NOT NULL);
      CREATE TABLE playlist_track (playlist_id int REFERENCES playlist, track_id int REFERENCES track,
        updated_at timestamptz NOT NULL, PRIMARY KEY (playlist_id, track_id));
      CREATE TABLE employee (employee_id int PRIMARY KEY, reports_to int REFERENCES employee, updated_at timestamptz NOT NULL);
      CREATE TABLE session (id int PRIMARY KEY);
      INSERT INTO artist SELECT i, 'artist ' || i, '2024-01-01'::timestamptz FROM generate_series(1, 20) i;
      INSERT INTO album SELECT i, 'album ' || i, 1 + i % 20, '2024-01-01' FROM generate_series(1, 50) i;
      INSERT INTO track SELECT i, 'track ' || i, 1 + i % 50, 'file', 0.99, '3 minutes', '{a,b}', '2024-01-01' FROM generate_series(1, 500) i;
      INSERT INTO playlist VALUES (1, 'all', '2024-01-01');
      INSERT INTO playlist_track SELECT 1, i, '2024-01-01' FROM generate_series(1, 500) i;
      INSERT INTO employee VALUES (1, NULL, '2024-01-01'), (2, 1, '2024-01-01');
      """;

  @TempDir private Path directory;

  @Test
  void what_is_discovered_runs_unchanged() throws Exception {
    String url = EmbeddedPostgres.shared().newDatabase();
    try (Connection connection = EmbeddedPostgres.shared().connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(SHOP);
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
}
