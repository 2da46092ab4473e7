package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.feed.Windows.Target;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.RecordFormat;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Resolves the base table of a table whose layout is known. */
final class BaseResolver {

  /** Records write these as objects, and the database as text of its own. */
  private static final Set<String> NESTED = Set.of("hstore", "geometry", "geography");

  /** Debezium writes these as numbers, bytes or objects, and the database as text. */
  private static final Set<String> OTHERWISE_IN_DEBEZIUM =
      Set.of("bit", "varbit", "interval", "money", "point", "timetz");

  private final Dialect dialect;
  private final TableSpec spec;
  private final SourceTable base;
  private final TableProblems problems;
  private final SpecColumns columns;

  BaseResolver(Dialect dialect, TableSpec spec, SourceTable base, TableProblems problems) {
    this.dialect = dialect;
    this.spec = spec;
    this.base = base;
    this.problems = problems;
    this.columns = new SpecColumns(dialect, spec, base, problems);
  }

  /** A base table in the same source as its changes. What it lacks besides its rank is null. */
  BaseTable resolve(ChangeLayout layout) {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < layout.columns().size(); i++) {
      boolean needed = layout.key().contains(i) || layout.version().contains(i);
      readings.add(reading(layout.columns().get(i), needed ? Need.RANK : Need.IF_PRESENT));
    }
    return table(layout, readings, RowPlan.TimeNeed.OPTIONAL, Map.of());
  }

  /**
   * A base table whose changes are records.
   *
   * @param places the columns that say where a record stands, with what they are for a row; null
   *     for nothing
   * @param time whether a change must have a time, if it is one that records have in their columns
   */
  BaseTable resolve(ChangeLayout layout, Map<String, Long> places, RowPlan.TimeNeed time) {
    List<Reading> readings = new ArrayList<>();
    Map<Integer, Long> constants = new HashMap<>();
    for (int i = 0; i < layout.columns().size(); i++) {
      Column column = layout.columns().get(i);
      boolean place = places.containsKey(column.source());
      readings.add(place ? null : reading(column, Need.RECORD));
      if (place && places.get(column.source()) != null) {
        constants.put(i, places.get(column.source()));
      }
    }
    boolean placed =
        layout.time() >= 0 && places.containsKey(layout.columns().get(layout.time()).source());
    return table(layout, readings, placed ? RowPlan.TimeNeed.OPTIONAL : time, constants);
  }

  /** Reports what is wrong with a base table for the columns that a schema declares. */
  void checkDeclared() {
    spec.records()
        .schema()
        .forEach(
            (name, type) -> {
              if (spec.stores(name)) {
                reading(new Column(name, spec.columns().lakeName(name), type, false), Need.RECORD);
              }
            });
    spec.primaryKey().forEach(name -> columns.keyOf(name, base.name()));
  }

  private BaseTable table(
      ChangeLayout layout,
      List<Reading> readings,
      RowPlan.TimeNeed time,
      Map<Integer, Long> constants) {
    List<KeysetColumn> keyset = new ArrayList<>();
    for (int i : layout.key()) {
      keyset.add(columns.keyOf(layout.columns().get(i).source(), base.name()));
    }
    RowPlan rows = new RowPlan(layout, readings, null, time).with(constants);
    Keyset order = keyset.contains(null) ? null : new Keyset(keyset);
    return new BaseTable(new Target(dialect, base.name()), rows, order);
  }

  private enum Need {
    RANK(
        "A snapshot needs the key and the version of each row: add the column, or take snapshot: out."),
    RECORD("Add the column, take it out of schema:, or take snapshot: out."),
    IF_PRESENT("");

    private final String nextStep;

    Need(String nextStep) {
      this.nextStep = nextStep;
    }
  }

  private Reading reading(Column column, Need need) {
    if (base.column(column.source()).isEmpty()) {
      if (need != Need.IF_PRESENT) {
        String nearly =
            base.nearly(column.source())
                .map(near -> "Did you mean " + near.name() + "? Upper and lower case count. ")
                .orElse("");
        problems.column(
            ErrorCode.MISSING_COLUMN,
            column.source(),
            "the snapshot table " + base.name() + " has no such column",
            nearly + need.nextStep);
      }
      return null;
    }
    SourceColumn source = base.column(column.source()).get();
    Reading reading = columns.reading(source);
    // What a schema declares is as good as a cast.
    boolean typed =
        reading.type() != null
            || spec.feed() == FeedKind.RECORDS
            || spec.columns().cast().containsKey(column.source());
    boolean possible =
        column.type().equals(reading.type())
            || Casts.possible(reading.getter(), column.type().kind());
    if (!possible || !typed) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.source(),
          "its type "
              + source.typeName()
              + " in "
              + base.name()
              + " cannot become "
              + column.type(),
          spec.feed() == FeedKind.RECORDS
              ? "Declare another type in schema:, or take snapshot: out."
              : "Cast it to a type that both tables can become.");
    } else if (spec.feed() == FeedKind.RECORDS && otherwiseInRecords(source, reading, column)) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.source(),
          "what "
              + base.name()
              + " gives for its type "
              + source.typeName()
              + " is not what records have",
          "Exclude the column, or take snapshot: out.");
    }
    return asRecordsSay(columns.decoding(source));
  }

  /** Whether a value would look otherwise when a record brings it than when the base table does. */
  private boolean otherwiseInRecords(SourceColumn source, Reading reading, Column column) {
    // A single bit is a truth value in both.
    boolean truth = column.type().kind() == ColumnType.Kind.BOOLEAN;
    if (truth || reading.type() != null || reading.getter() != Getter.TEXT) {
      return false;
    }
    String type = source.typeName().toLowerCase(Locale.ROOT);
    return source.jdbcType() == Types.ARRAY
        || source.jdbcType() == Types.STRUCT
        || NESTED.contains(type)
        || ofDebezium(spec.records().format()) && OTHERWISE_IN_DEBEZIUM.contains(type);
  }

  private static boolean ofDebezium(RecordFormat format) {
    return switch (format) {
      case DEBEZIUM_JSON, DEBEZIUM_AVRO -> true;
      case JSON, AVRO, CSV, PARQUET -> false;
    };
  }

  /** Records hold texts as the source stores them: padded where it pads them. */
  private Reading asRecordsSay(Reading reading) {
    boolean padded = reading.getter() == Getter.PADDED_TEXT;
    return padded && spec.feed() == FeedKind.RECORDS
        ? new Reading(Getter.TEXT, reading.type())
        : reading;
  }
}
