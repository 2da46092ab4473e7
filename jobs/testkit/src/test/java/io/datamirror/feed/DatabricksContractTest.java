package io.datamirror.feed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract by the driver of Databricks, against real Delta tables. */
class DatabricksContractTest extends NativeFeedContract {

  private static final AtomicInteger TABLES = new AtomicInteger();

  private static Delta delta;

  @BeforeAll
  static void start() throws SQLException {
    delta = new Delta("contract");
  }

  @AfterAll
  static void stop() throws SQLException {
    delta.close();
  }

  @Override
  NativeTable table() {
    return new Items("items_" + TABLES.incrementAndGet());
  }

  private static final class Items implements NativeTable {

    private static final Pattern BOUNDS = Pattern.compile("table_changes\\([^)]*\\)");

    private final String table;
    private final String name;
    private final List<String> asked = new ArrayList<>();

    Items(String table) {
      this.table = table;
      this.name = delta.name(table);
      create();
    }

    private void create() {
      delta.create(table, "ID BIGINT NOT NULL, PART STRING NOT NULL, NOTE STRING");
      delta.run("ALTER TABLE " + name + " ADD CONSTRAINT pk PRIMARY KEY (ID, PART)");
    }

    @Override
    public Feed feed() throws SQLException {
      return delta.feed(table);
    }

    @Override
    public Feed feedByNote() throws SQLException {
      return delta.feedBy("NOTE", table);
    }

    @Override
    public Connection connect() throws SQLException {
      return Delta.connect();
    }

    @Override
    public long settleMillis() {
      return 0;
    }

    @Override
    public void insert(int from, int to) {
      delta.run(
          "INSERT INTO %s SELECT id, concat('p', id %% 3), concat('note ', id) FROM range(%d, %d)"
              .formatted(name, from, to));
    }

    @Override
    public void insertTwice(int id) {
      delta.run("INSERT INTO %s VALUES (%d, 'p', 'one'), (%2$d, 'p', 'other')".formatted(name, id));
    }

    @Override
    public void move(int id, int other) {
      delta.run("UPDATE %s SET ID = %d WHERE ID = %d".formatted(name, other, id));
    }

    @Override
    public void note(int id, String note) {
      String value = note == null ? "NULL" : "'" + note + "'";
      delta.run("UPDATE %s SET NOTE = %s WHERE ID = %d".formatted(name, value, id));
    }

    @Override
    public void delete(int id) {
      delta.run("DELETE FROM %s WHERE ID = %d".formatted(name, id));
    }

    @Override
    public void replace(int id, String note) {
      delta.run(
          "INSERT INTO %s REPLACE WHERE ID = %d SELECT CAST(%2$d AS BIGINT), 'p%d', '%s'"
              .formatted(name, id, id % 3, note));
    }

    @Override
    public void truncate() {
      delta.run("TRUNCATE TABLE " + name);
    }

    /** A version that can be seen is settled. */
    @Override
    public void settle() {}

    @Override
    public List<List<String>> rowsAt(Position position) {
      return delta.run("SELECT * FROM " + name + " VERSION AS OF " + Delta.version(position));
    }

    @Override
    public void loseHistory() {
      delta.run(
          "UPDATE " + name + " SET NOTE = 'x' WHERE ID = 1",
          "UPDATE " + name + " SET NOTE = 'y' WHERE ID = 1",
          "VACUUM " + name + " RETAIN 0 HOURS");
    }

    @Override
    public void untrack() {
      delta.run("ALTER TABLE " + name + " SET TBLPROPERTIES (delta.enableChangeDataFeed = false)");
    }

    @Override
    public void recreate() {
      delta.run("DROP TABLE " + name);
      create();
    }

    @Override
    public void failOnce() {
      Delta.standin().failChanges("22003", "[DELTA_CDC_START_VERSION_AFTER_LATEST] a moment", 1);
    }

    @Override
    public void asksForTooMuch() {
      Delta.standin()
          .failChanges("0AKDC", "[DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE] no", 1);
    }

    private void hear() {
      asked.addAll(Delta.standin().asked());
    }

    @Override
    public List<String> bounds() {
      hear();
      List<String> found = new ArrayList<>();
      for (String statement : asked) {
        Matcher matcher = BOUNDS.matcher(statement);
        if (matcher.find()) {
          found.add(matcher.group());
        }
      }
      asked.clear();
      return found;
    }

    @Override
    public long looks() {
      hear();
      long count = asked.stream().filter(sql -> sql.contains("DESCRIBE DETAIL")).count();
      asked.clear();
      return count;
    }

    @Override
    public String enable() {
      return "ALTER TABLE `spark_catalog`.`contract`.`"
          + table
          + "` SET TBLPROPERTIES (delta.enableChangeDataFeed = true);";
    }

    @Override
    public void close() {
      delta.run("DROP TABLE " + name);
    }
  }
}
