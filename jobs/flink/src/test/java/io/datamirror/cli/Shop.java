package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A small source in H2, a spec for it, and a lake that is not there yet: all in one directory. */
final class Shop {
  static final String USER = "keeper";
  static final String PASSWORD = "Kx7QzW9vLm2RtY5uPq8sN3dF";

  private static final String SPEC =
      """
      mirror: shop
      source:
        type: jdbc
        url: $URL
        user: keeper
        password: ${file:$DIR/password}
        settle: 0s
      lake:
        catalog: { type: jdbc, uri: "jdbc:sqlite:$DIR/lake/catalog.db", warehouse: $DIR/lake }
        namespace: shop
      tables:
        - name: orders
          source: PUBLIC.ORDERS_CHANGES
          feed: change-table
          primary-key: [ID]
          version: [REVISION]
          operation: OP
          cursor: SEQ
          columns: { exclude: [SEQ] }
      """;

  private final Path directory;

  Shop(Path directory) {
    this.directory = directory;
    write("password", PASSWORD);
  }

  /** A shop whose table of changes has three of them, which leave two orders. */
  static Shop withOrders(Path directory) throws SQLException {
    Shop shop = new Shop(directory);
    shop.sql(
        """
        CREATE TABLE ORDERS_CHANGES (
          SEQ BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, OP VARCHAR(10), ID INTEGER NOT NULL,
          REVISION BIGINT NOT NULL, CUSTOMER VARCHAR, NOTE VARCHAR, PRICE DOUBLE PRECISION,
          FLAG BOOLEAN)""",
        """
        INSERT INTO ORDERS_CHANGES (OP, ID, REVISION, CUSTOMER, NOTE, PRICE, FLAG) VALUES
          ('u', 1, 1, 'Anna', NULL, 13.0, TRUE), ('u', 2, 1, 'Ben', '', 0.5, FALSE),
          ('u', 1, 2, 'Anna', 'says "hi", twice', 13.5, TRUE)""");
    return shop;
  }

  Path directory() {
    return directory;
  }

  Path lake() {
    return directory.resolve("lake");
  }

  String url() {
    return "jdbc:h2:file:" + directory.resolve("source");
  }

  /** Runs statements in the source. */
  void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), USER, PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    }
  }

  /** The spec as text, with a part of it replaced. */
  String text(String part, String replacement) {
    if (!SPEC.contains(part)) {
      throw new IllegalArgumentException(part);
    }
    return SPEC.replace(part, replacement)
        .replace("$URL", url())
        .replace("$DIR", directory.toString());
  }

  /** The path of a spec file. */
  String spec() {
    return spec("mirror: shop", "mirror: shop");
  }

  /** The path of a spec file, with a part of it replaced. */
  String spec(String part, String replacement) {
    return write("shop.yaml", text(part, replacement)).toString();
  }

  /** Runs the mirror up to now, with a checkpoint every moment; it has to succeed. */
  Cli.Result run(String... options) {
    List<String> arguments = new ArrayList<>();
    Collections.addAll(arguments, "run", "--spec", spec(), "--until", "now");
    Collections.addAll(arguments, "-D", "execution.checkpointing.interval=200ms");
    Collections.addAll(arguments, options);
    Cli.Result result = Cli.run(arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result;
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the lake is made of: its files, and what its catalog says. Empty if there is no lake. */
  Set<String> lakeContent() throws IOException, SQLException {
    Set<String> content = new TreeSet<>();
    if (!Files.exists(lake())) {
      return content;
    }
    try (Stream<Path> paths = Files.walk(lake())) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = lake().relativize(path).toString();
        if (!name.startsWith("catalog.db")) {
          content.add(name + " " + Files.size(path) + " " + Files.getLastModifiedTime(path));
        }
      }
    }
    try (Connection catalog = DriverManager.getConnection("jdbc:sqlite:" + lake() + "/catalog.db");
        Statement statement = catalog.createStatement();
        ResultSet tables = statement.executeQuery("SELECT * FROM iceberg_tables")) {
      while (tables.next()) {
        content.add(tables.getString("table_name") + " " + tables.getString("metadata_location"));
      }
    }
    return content;
  }
}
