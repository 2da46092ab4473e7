package io.datamirror.feed;

import io.datamirror.testkit.warehouse.VersionedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of a stand-in whose clock is in the test's hands. */
abstract class VersionedNativeTable implements NativeTable {

  private final Supplier<List<String>> statements;
  private final Pattern bounds;
  private final String look;
  private final Creation creation;
  private VersionedTable items;
  private int told;
  private int looked;

  /**
   * @param statements all that the stand-in was asked so far
   * @param bounds the bounds in a statement that reads changes
   * @param look what is in a statement that asks for the table's identity
   * @param creation creates the table in place of the one there is
   */
  VersionedNativeTable(
      Supplier<List<String>> statements, Pattern bounds, String look, Creation creation)
      throws SQLException {
    this.statements = statements;
    this.bounds = bounds;
    this.look = look;
    this.creation = creation;
    this.items = creation.create();
  }

  /** Creates a table. */
  interface Creation {
    VersionedTable create() throws SQLException;
  }

  /** Time passes. */
  abstract void later(long millis);

  VersionedTable items() {
    return items;
  }

  @Override
  public void insert(int from, int to) throws SQLException {
    items.commit(
        writer -> {
          for (int i = from; i < to; i++) {
            writer.insert(i, "p" + i % 3, "note " + i);
          }
        });
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
  public void truncate() throws SQLException {
    items.commit(VersionedTable.Writer::truncate);
  }

  @Override
  public void settle() {
    later(settleMillis() + 10);
  }

  @Override
  public void untrack() {
    items.untrack();
  }

  @Override
  public void recreate() throws SQLException {
    later(10);
    items = creation.create();
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
}
