package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.feed.Chunk.Part;
import io.datamirror.sql.SqlText;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The table whose rows are read before the changes: each row is an upsert with its version.
 *
 * <p>It needs no pin: whatever is read twice or out of turn, the greater version wins.
 *
 * @param keyset the primary key; no column of it is ever null
 */
record BaseTable(Windows.Target target, RowPlan rows, Keyset keyset) implements Serializable {

  BaseTable withoutStoring(Set<String> names) {
    return new BaseTable(target, rows.withoutStoring(names), keyset);
  }

  /**
   * The stored columns that it lacks, if nothing but the hash of the content says whether a row of
   * it or a change of equal version wins. Where it lacks the order of the changes too, the change
   * wins: no order is less than any.
   */
  List<String> contested() {
    ChangeLayout layout = rows.layout();
    if (layout.order() >= 0 && lacks(layout.order())) {
      return List.of();
    }
    return IntStream.range(0, layout.columns().size())
        .filter(i -> layout.columns().get(i).stored() && lacks(i))
        .mapToObj(i -> layout.columns().get(i).source())
        .toList();
  }

  private boolean lacks(int column) {
    return rows.columns().get(column) == null && !rows.constants().containsKey(column);
  }

  List<Chunk> chunks(Connection connection, long rowsPerChunk) throws SQLException {
    List<String> bounds = new ArrayList<>();
    bounds.add("");
    if (divisible()) {
      bounds.addAll(axis().cut(connection, sql -> range(sql, "", ""), rowsPerChunk).cuts());
    }
    bounds.add("");
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 1; i < bounds.size(); i++) {
      chunks.add(new Chunk(Part.SNAPSHOT, bounds.get(i - 1), bounds.get(i)));
    }
    return chunks;
  }

  private Axis axis() {
    return new Axis(target, keyset.columns().get(0));
  }

  /**
   * Opens a reader that goes on where another stopped, or reads the chunk from its start where the
   * database may sort texts by other rules than it compares them by: rows read again do no harm,
   * rows passed over would be missing.
   */
  ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    Resume from = keyset.comparedAsSorted(target.dialect()) ? resume : Resume.START;
    return KeysetReader.open(
        connection, rows, keyset, new KeysetReader.Start(query(chunk, from), from, fetchSize));
  }

  /** Tries to read it. */
  void probe(Probe probe) throws SQLException {
    probe.read(target.table(), nothing());
  }

  private SqlText nothing() {
    return Selection.nothing(target, rows, keyset);
  }

  private SqlText query(Chunk chunk, Resume resume) {
    SqlText.Builder sql = Selection.begin(target, rows, keyset);
    range(sql, chunk.from(), chunk.to());
    return Selection.end(sql, keyset, resume);
  }

  private void range(SqlText.Builder sql, String from, String to) {
    ColumnRange.write(sql, keyset.columns().get(0), from, to);
  }

  List<SqlText> statements() {
    List<SqlText> statements = new ArrayList<>();
    KeysetColumn key = keyset.columns().get(0);
    statements.add(nothing());
    statements.add(query(new Chunk(Part.SNAPSHOT, "", ""), Resume.START));
    if (divisible()) {
      statements.add(1, axis().query(sql -> range(sql, "", "")));
      String bound = key.example();
      statements.add(query(new Chunk(Part.SNAPSHOT, "", bound), Resume.START));
      statements.add(query(new Chunk(Part.SNAPSHOT, bound, bound), Resume.START));
      statements.add(query(new Chunk(Part.SNAPSHOT, bound, ""), Resume.START));
    }
    return statements;
  }

  private boolean divisible() {
    return keyset.columns().size() == 1 && keyset.columns().get(0).divisible();
  }
}
