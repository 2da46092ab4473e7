package io.datamirror.source;

import io.datamirror.source.SourceSettings.Board;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Map<Work, Map<String, Trouble>> troubles = new EnumMap<>(Work.class);

  /** What the source is asked for. */
  enum Work {
    PLANNING,
    READING
  }

  private SourceProgress() {
    for (Work work : Work.values()) {
      troubles.put(work, new ConcurrentHashMap<>());
    }
  }

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
    return tables.values().stream().map(this::counted).toList();
  }

  /** What is known of one table. */
  public Optional<TableProgress> table(String name) {
    return Optional.ofNullable(tables.get(name)).map(this::counted);
  }

  private TableProgress counted(TableProgress table) {
    return table.with(rowsOf(table.table()), troubleOf(table.table()));
  }

  /** Of two the one that lasts longer. */
  private Optional<Trouble> troubleOf(String table) {
    return troubles.values().stream()
        .map(of -> of.get(table))
        .filter(Objects::nonNull)
        .min(Comparator.comparingLong(Trouble::sinceMillis));
  }

  private long rowsOf(String table) {
    LongAdder counted = rows.get(table);
    return counted == null ? 0 : counted.sum();
  }

  /** Forgets an earlier run. */
  void clear() {
    tables.clear();
    rows.clear();
    troubles.values().forEach(Map::clear);
  }

  void tell(TableProgress progress) {
    tables.put(progress.table(), progress);
  }

  /** Work for a table failed, and will be tried again. */
  void fails(Work work, String table, String kind) {
    Trouble first = new Trouble(kind, System.currentTimeMillis());
    troubles
        .get(work)
        .merge(table, first, (known, now) -> new Trouble(now.kind(), known.sinceMillis()));
  }

  /** Work for a table was done. */
  void works(Work work, String table) {
    troubles.get(work).remove(table);
  }

  void count(String table, long read) {
    rows.computeIfAbsent(table, name -> new LongAdder()).add(read);
  }
}
