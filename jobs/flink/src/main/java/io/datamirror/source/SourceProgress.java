package io.datamirror.source;

import io.datamirror.source.SourceSettings.Board;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where a mirror that runs in this process tells how far it has come. Safe for all threads; what it
 * says is for people only.
 */
public final class SourceProgress {

  private static final Map<String, SourceProgress> BOARDS = new ConcurrentHashMap<>();

  private final Map<String, TableProgress> tables = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();

  private SourceProgress() {}

  /** The board of a mirror; empty until it runs in this process. */
  public static SourceProgress of(String mirror) {
    return BOARDS.computeIfAbsent(mirror, name -> new SourceProgress());
  }

  /** The board that one run of a mirror is to tell. */
  static SourceProgress of(String mirror, Board board) {
    return switch (board) {
      case SHARED -> of(mirror);
      case OWN -> new SourceProgress();
    };
  }

  /** The tables of the mirror by name; empty before it runs. */
  public List<TableProgress> tables() {
    return tables.values().stream().map(table -> table.withRows(rowsOf(table.table()))).toList();
  }

  /** What is known of one table. */
  public Optional<TableProgress> table(String name) {
    return Optional.ofNullable(tables.get(name)).map(table -> table.withRows(rowsOf(name)));
  }

  private long rowsOf(String table) {
    LongAdder counted = rows.get(table);
    return counted == null ? 0 : counted.sum();
  }

  /** Forgets an earlier run. */
  void clear() {
    tables.clear();
    rows.clear();
  }

  void tell(TableProgress progress) {
    tables.put(progress.table(), progress);
  }

  void count(String table, long read) {
    rows.computeIfAbsent(table, name -> new LongAdder()).add(read);
  }
}
