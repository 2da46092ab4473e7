package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds key, version, order and time of a table among its columns, and checks that they can be. */
final class LayoutResolver {

  private static final String RANK_NEXT_STEP =
      "Store it: the lake must know the rank of every row.";

  private final TableSpec spec;
  private final SpecColumns columns;
  private final TableProblems problems;
  private final CommitColumns commit;
  private final List<Column> layout = new ArrayList<>();

  LayoutResolver(TableSpec spec, SpecColumns columns, TableProblems problems) {
    this(spec, columns, problems, null);
  }

  /**
   * @param commit what the feed itself says of commits; null when it says nothing
   */
  LayoutResolver(
      TableSpec spec, SpecColumns columns, TableProblems problems, CommitColumns commit) {
    this.spec = spec;
    this.columns = columns;
    this.problems = problems;
    this.commit = commit;
  }

  /** The names under which a feed gives commit unit and commit time; no column is called so. */
  record CommitColumns(String unit, String time) {}

  /** The layout; not to be used when there are problems. */
  ChangeLayout resolve() {
    checkNamedColumns();
    addStoredColumns();
    List<Integer> key = spec.primaryKey().stream().map(this::keyColumn).toList();
    List<Integer> version = version().stream().map(this::rankColumn).toList();
    int order = order();
    int time = time();
    checkTime(time);
    return new ChangeLayout(spec.name(), layout, key, version, order, time, tie());
  }

  private int order() {
    if (commit != null) {
      return commitColumn(commit.unit());
    }
    return spec.order() == null ? -1 : rankColumn(spec.order());
  }

  private int commitColumn(String name) {
    layout.add(new Column(name, null, ColumnType.of(ColumnType.Kind.LONG), false));
    return layout.size() - 1;
  }

  /** Inside a commit unit, deletes and pre-images come before upserts. */
  private Tie tie() {
    if (commit != null) {
      return Tie.UPSERT_WINS;
    }
    return switch (spec.tie()) {
      case DELETE_WINS -> Tie.DELETE_WINS;
      case UPSERT_WINS -> Tie.UPSERT_WINS;
    };
  }

  /** Where no version is declared, the feed's position is the version: its cursor. */
  private List<String> version() {
    if (spec.version().isEmpty()) {
      // The commit unit is the order, and with no version before it, it decides.
      return commit == null ? List.of(spec.cursor()) : List.of();
    }
    return spec.version();
  }

  private void checkNamedColumns() {
    Set<String> named = new LinkedHashSet<>(spec.primaryKey());
    named.addAll(version());
    named.addAll(spec.columns().include());
    named.addAll(spec.columns().exclude());
    named.addAll(spec.columns().rename().keySet());
    named.addAll(spec.columns().cast().keySet());
    spec.partitionBy().forEach(field -> named.add(field.column()));
    spec.relationships().forEach(relationship -> named.addAll(relationship.columns()));
    for (String name : new String[] {spec.order(), spec.timestamp(), spec.operation()}) {
      if (name != null) {
        named.add(name);
      }
    }
    named.forEach(columns::find);
  }

  private void addStoredColumns() {
    List<String> names =
        spec.columns().include().isEmpty()
            ? columns.table().columns().stream().map(column -> column.name().name()).toList()
            : spec.columns().include();
    Set<String> lakeNames = new LinkedHashSet<>();
    for (String name : problems.ordered(names)) {
      Optional<SourceColumn> column = columns.table().column(name).filter(this::stored);
      if (column.isPresent()) {
        String lakeName = spec.columns().lakeName(name);
        if (lakeName.isBlank()) {
          problems.column(
              ErrorCode.BAD_NAME,
              name,
              "a name of blanks alone cannot be that of a column in the lake",
              "Give it another one with columns: { rename: … }.");
        }
        if (!lakeNames.add(lakeName)) {
          problems.column(
              ErrorCode.CONTRADICTION,
              name,
              "two columns would be called " + lakeName + " in the lake",
              "Rename one of them.");
        }
        add(column.get(), lakeName);
      }
    }
  }

  /** A transaction number has no type in the lake, so nobody has to exclude it. */
  private boolean stored(SourceColumn column) {
    String name = column.name().name();
    boolean onlyBounds =
        name.equals(spec.transaction()) && !spec.columns().cast().containsKey(name);
    return spec.stores(name) && !onlyBounds;
  }

  private void add(SourceColumn column, String lakeName) {
    String name = column.name().name();
    Optional<ColumnType> type = columns.type(column);
    boolean required = spec.primaryKey().contains(name);
    type.ifPresent(known -> layout.add(new Column(name, lakeName, known, required)));
  }

  private int keyColumn(String name) {
    Optional<SourceColumn> column = columns.table().column(name);
    if (column.isEmpty()) {
      return -1;
    }
    int index = storedColumn(name, "Store the primary key.");
    if (index >= 0 && !layout.get(index).type().keyable()) {
      problems.column(
          ErrorCode.FLOAT_KEY,
          name,
          "a key column is of the floating-point type " + column.get().typeName(),
          "Cast it to decimal(precision, scale), long or string, or take another key.");
    }
    if (spec.feed() == FeedKind.INCREMENTAL && column.get().nullable()) {
      problems.column(
          ErrorCode.KEY_COLUMN_NULLABLE,
          name,
          "a key column of " + columns.table().name() + " may hold NULL",
          "Declare it NOT NULL in the source, or take another key.");
    }
    return index;
  }

  private int rankColumn(String name) {
    if (columns.table().column(name).isEmpty()) {
      return -1;
    }
    int index = storedColumn(name, RANK_NEXT_STEP);
    if (index >= 0 && !layout.get(index).type().ordered()) {
      problems.column(
          ErrorCode.VERSION_WITHOUT_ORDER,
          name,
          "the type " + layout.get(index).type() + " has no order that a version can rely on",
          "Take a number, a date, a time stamp or text as version or order.");
    } else if (index >= 0) {
      checkOrder(name, layout.get(index).type());
    }
    return index;
  }

  private void checkOrder(String name, ColumnType type) {
    boolean cast = spec.columns().cast().containsKey(name);
    SourceColumn column = columns.table().column(name).orElseThrow();
    if (cast && !Casts.keepsOrder(columns.reading(column), type.kind())) {
      problems.column(
          ErrorCode.VERSION_WITHOUT_ORDER,
          name,
          "cast to " + type + " it has another order than its own: as text, 10 comes before 9",
          "Leave out the cast, or cast it to a type that orders its values in the same way.");
    }
  }

  private int storedColumn(String name, String nextStep) {
    int index = index(name);
    boolean excluded = !spec.stores(name) || name.equals(spec.transaction());
    if (index < 0 && excluded) {
      problems.column(
          ErrorCode.CONTRADICTION, name, "the column is not stored in the lake", nextStep);
    }
    return index;
  }

  private int index(String name) {
    for (int i = 0; i < layout.size(); i++) {
      if (layout.get(i).source().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private int time() {
    if (spec.timestamp() != null) {
      return columns.table().column(spec.timestamp()).map(this::timeColumn).orElse(-1);
    }
    if (commit != null) {
      return commitColumn(commit.time());
    }
    // Without a timestamp descriptor: the time of the commit, else the version, if it is a time.
    List<String> candidates = new ArrayList<>(List.of(spec.cursor()));
    candidates.addAll(version().subList(0, 1));
    for (String name : candidates) {
      Optional<SourceColumn> column = columns.table().column(name);
      if (column.isPresent() && isTimestamp(column.get())) {
        return readColumn(column.get());
      }
    }
    return -1;
  }

  /** A change of no time is older than any watermark: it would be late as soon as there is one. */
  private void checkTime(int time) {
    if (time < 0 && spec.timestamp() == null && spec.allowedLateness().limit().isPresent()) {
      problems.table(
          ErrorCode.CONTRADICTION,
          "no column tells the time of a change, which allowed-lateness goes by",
          "Declare its timestamp, or leave allowed-lateness out.");
    }
  }

  /** Whether the column is a time stamp in the lake: one that is cast to text tells no time. */
  private boolean isTimestamp(SourceColumn column) {
    ColumnType cast = spec.columns().cast().get(column.name().name());
    ColumnType type = cast == null ? columns.reading(column).type() : cast;
    return type != null
        && switch (type.kind()) {
          case TIMESTAMP, TIMESTAMP_WITH_ZONE -> true;
          case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DECIMAL, DATE, TIME, STRING, BINARY -> false;
        };
  }

  private int timeColumn(SourceColumn column) {
    int index = readColumn(column);
    if (index < 0) {
      return index;
    }
    ColumnType type = layout.get(index).type();
    boolean series = spec.behavior() == Behavior.TIME_SERIES;
    boolean time =
        switch (type.kind()) {
          case TIMESTAMP, TIMESTAMP_WITH_ZONE -> true;
          case DATE, LONG -> !series;
          case BOOLEAN, INT, FLOAT, DOUBLE, DECIMAL, TIME, STRING, BINARY -> false;
        };
    if (!time) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.name().name(),
          series
              ? "the timestamp of a time-series is of type " + type
              : "a timestamp of type " + type + " tells no time",
          series
              ? "Take a time stamp, or cast it to one, or write behavior: record."
              : "Take a date, a time stamp or a long of milliseconds, or cast it to one.");
    }
    return index;
  }

  /** The column's place in the layout; it is added, not stored, if it is not there. */
  private int readColumn(SourceColumn column) {
    int index = index(column.name().name());
    if (index < 0 && !spec.stores(column.name().name())) {
      add(column, null);
      index = index(column.name().name());
    }
    return index;
  }
}
