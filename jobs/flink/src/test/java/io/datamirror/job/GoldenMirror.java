package io.datamirror.job;

import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The mirror of the golden savepoints: a table that is partitioned by a column that moves, one
 * whose base table is read first, and one that forgets keys. Its lake lies in one directory, and
 * can be copied.
 */
final class GoldenMirror {

  static final String[] TABLES = {"customers", "events", "orders"};

  private final String url;
  private final Path directory;

  GoldenMirror(String url, Path directory) {
    this.url = url;
    this.directory = directory;
  }

  Path catalogFile() {
    return directory.resolve("catalog.db");
  }

  MirrorSpec spec() {
    return SpecReader.read(text());
  }

  String text() {
    return """
        mirror: golden
        source:
          type: jdbc
          url: "%s"
          poll-interval: 100ms
          settle: 0s
        lake:
          catalog:
            type: jdbc
            uri: "jdbc:sqlite:%s"
            warehouse: "%s/lake"
            io-impl: %s
            %s: "%s"
          namespace: golden
        tables:
          - name: orders
            source: PUBLIC.ORDERS_CHANGES
            feed: change-table
            primary-key: [ID]
            version: [REVISION]
            operation: OP
            cursor: SEQ
            columns: { exclude: [SEQ] }
            partition-by: [PLACE]
          - name: customers
            source: PUBLIC.CUSTOMERS_CHANGES
            snapshot: PUBLIC.CUSTOMERS
            feed: change-table
            primary-key: [NAME]
            version: [REVISION]
            operation: OP
            cursor: SEQ
            columns: { exclude: [SEQ] }
          - name: events
            source: PUBLIC.EVENTS_CHANGES
            feed: change-table
            primary-key: [ID]
            version: [REVISION]
            timestamp: MADE_AT
            operation: OP
            cursor: SEQ
            columns: { exclude: [SEQ] }
            allowed-lateness: 36500d
        """
        .formatted(
            url,
            catalogFile(),
            RelocatedIO.SCHEME,
            RelocatedIO.class.getName(),
            RelocatedIO.DIRECTORY,
            directory);
  }

  /** Runs the statements of a script, which end with a semicolon at the end of a line. */
  void run(String script) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : script.split(";\\s*\n")) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  static String read(Path script) {
    try {
      return Files.readString(script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
