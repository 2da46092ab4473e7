package io.datamirror.feed;

import io.datamirror.testkit.warehouse.VersionedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of items of a stand-in whose clock is in the test's hands. */
abstract class VersionedNativeTable implements NativeTable {

  private final WarehouseTables warehouse;
  private final Supplier<List<String>> statements;
  private final Pattern bounds;
  private final String look;
  private VersionedTable items;
  private int told;
  private int looked;

  /**
   * @param statements all that the stand-in was asked so far
   * @param bounds the bounds in a statement that reads changes
   * @param look what is in a statement that asks for the table's identity
   */
  VersionedNativeTable(
      WarehouseTables warehouse, Supplier<List<String>> statements, Pattern bounds, String look)
      throws SQLException {
    this.warehouse = warehouse;
    this.statements = statements;
    this.bounds = bounds;
    this.look = look;
    this.items = warehouse.items();
  }

  /** Time passes. */
  void later(long millis) {
    warehouse.later(millis);
  }

  VersionedTable items() {
    return items;
  }

  @Override
  public Feed feed() throws SQLException {
    return warehouse.resolve("");
  }

  @Override
  public Feed feedByNote() throws SQLException {
    return warehouse.resolve("version: [NOTE]");
  }

  @Override
  public Connection connect() throws SQLException {
    return warehouse.connect();
  }

  @Override
  public long settleMillis() {
    return warehouse.settleMillis();
  }

  @Override
  public List<List<String>> rowsAt(Position position) throws SQLException {
    return warehouse.rowsAt(items, Point.of(position, "").value());
  }

  @Override
  public void insert(int from, int to) throws SQLException {
    WarehouseTables.insert(items, from, to);
  }

  @Override
  public void insertTwice(int id) throws SQLException {
    items.commit(
        writer -> {
          writer.insert(id, "p", "one");
          writer.insert(id, "p", "other");
        });
  }

  @Override
  public void move(int id, int other) throws SQLException {
    items.commit(writer -> writer.update("ID", id, other, "p" + id % 3, "moved"));
  }

  @Override
  public void note(int id, String note) throws SQLException {
    items.commit(writer -> writer.update("ID", id, id, "p" + id % 3, note));
  }

  @Override
  public void delete(int id) throws SQLException {
    items.commit(writer -> writer.delete("ID", id));
  }

  @Override
  public void replace(int id, String note) throws SQLException {
    items.commit(
        writer -> {
          writer.delete("ID", id);
          writer.insert(id, "p" + id % 3, note);
        });
  }

  @Override
  public void truncate() throws SQLException {
    items.commit(VersionedTable.Writer::truncate);
  }

  @Override
  public void settle() {
    warehouse.settle();
  }

  @Override
  public void untrack() {
    items.untrack();
  }

  @Override
  public void recreate() throws SQLException {
    later(10);
    items = warehouse.items();
  }

  @Override
  public List<String> bounds() {
    List<String> asked = statements.get();
    List<String> found = new ArrayList<>();
    for (String statement : asked.subList(told, asked.size())) {
      Matcher matcher = bounds.matcher(statement);
      if (matcher.find()) {
        found.add(matcher.group());
      }
    }
    told = asked.size();
    return found;
  }

  @Override
  public long looks() {
    List<String> asked = statements.get();
    long count =
        asked.subList(looked, asked.size()).stream().filter(sql -> sql.contains(look)).count();
    looked = asked.size();
    return count;
  }

  @Override
  public void close() throws SQLException {
    warehouse.close();
  }
}
