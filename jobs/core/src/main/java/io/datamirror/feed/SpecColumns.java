package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.feed.HeadWindows.Values;
import io.datamirror.feed.KeysetColumn.Kind;
import io.datamirror.feed.KeysetColumn.Nulls;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.spec.Behavior;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.TableName;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The columns that a spec names, looked up in a table of the source. */
final class SpecColumns {

  // Not json, which has no order, nor citext, in which other texts are equal.
  private static final Set<String> ORDERED_BY_POSTGRESQL =
      Set.of("text", "varchar", "bpchar", "uuid");

  private final Dialect dialect;
  private final Function<SourceColumn, Reading> types;
  private final TableSpec spec;
  private final SourceTable table;
  private final TableProblems problems;

  SpecColumns(Dialect dialect, TableSpec spec, SourceTable table, TableProblems problems) {
    this(dialect, column -> SourceTypes.of(dialect, column), spec, table, problems);
  }

  /**
   * @param types what the types of this source become
   */
  SpecColumns(
      Dialect dialect,
      Function<SourceColumn, Reading> types,
      TableSpec spec,
      SourceTable table,
      TableProblems problems) {
    this.dialect = dialect;
    this.types = types;
    this.spec = spec;
    this.table = table;
    this.problems = problems;
  }

  SourceTable table() {
    return table;
  }

  /** The column of exactly this name; a problem if there is none. */
  Optional<SourceColumn> find(String name) {
    Optional<SourceColumn> found = table.column(name);
    if (found.isEmpty()) {
      String nextStep =
          table
              .nearly(name)
              .map(near -> "Did you mean " + near.name() + "? Upper and lower case count.")
              .orElse("Mend its name in the spec, or add it to the source.");
      problems.column(
          ErrorCode.MISSING_COLUMN, name, "there is no such column in " + table.name(), nextStep);
    }
    return found;
  }

  Reading reading(SourceColumn column) {
    return types.apply(column);
  }

  /** How the values are decoded: a cast is one, too, if it is to the column's own type. */
  Reading decoding(SourceColumn column) {
    Reading reading = reading(column);
    boolean cast = spec.columns().cast().containsKey(column.name().name());
    return cast ? Reading.needsCast(wholeGetter(reading.getter(), column)) : reading;
  }

  /** What takes every value of the column; the getter of its type need not. */
  private static Getter wholeGetter(Getter getter, SourceColumn column) {
    return getter == Getter.LONG && unsigned(column) ? Getter.DECIMAL : getter;
  }

  /** What a column becomes: what its cast says, else its own type; a problem if there is none. */
  Optional<ColumnType> type(SourceColumn column) {
    Reading reading = reading(column);
    ColumnType cast = spec.columns().cast().get(column.name().name());
    if (cast != null && !cast.equals(reading.type())) {
      if (!Casts.possible(reading.getter(), cast.kind())) {
        problems.column(
            ErrorCode.UNSUPPORTED_COLUMN_TYPE,
            column.name().name(),
            "its type " + column.typeName() + " cannot be cast to " + cast,
            "Cast it to another type, or exclude the column.");
        return Optional.empty();
      }
      return Optional.of(cast);
    }
    if (reading.type() == null) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.name().name(),
          "its type " + shownType(column) + " has no counterpart in the lake",
          wayOut(reading, column));
    }
    return Optional.ofNullable(reading.type());
  }

  private static String shownType(SourceColumn column) {
    boolean decimal = column.jdbcType() == Types.NUMERIC || column.jdbcType() == Types.DECIMAL;
    return decimal ? column.typeName() + " without a precision of 1 to 38" : column.typeName();
  }

  private static String wayOut(Reading reading, SourceColumn column) {
    String type = reading.getter() == Getter.DECIMAL ? "\"decimal(38, 10)\"" : "string";
    String name = column.name().name();
    return "Cast it, as in cast: { " + name + ": " + type + " }, or exclude the column.";
  }

  /** How each column of the layout is read. */
  List<Reading> readings(ChangeLayout layout) {
    return layout.columns().stream()
        .map(column -> decoding(table.column(column.source()).orElseThrow()))
        .toList();
  }

  RowPlan.TimeNeed time() {
    boolean needed =
        spec.timestamp() != null
            && (spec.behavior() == Behavior.TIME_SERIES
                || spec.allowedLateness().limit().isPresent());
    return needed ? RowPlan.TimeNeed.REQUIRED : RowPlan.TimeNeed.OPTIONAL;
  }

  /** The column that windows advance by; null with a problem if it cannot be one. */
  KeysetColumn cursor() {
    return find(spec.cursor()).map(this::cursor).orElse(null);
  }

  private KeysetColumn cursor(SourceColumn column) {
    Kind kind =
        switch (reading(column).getter()) {
          case INT, LONG -> Kind.LONG;
          case DECIMAL -> Kind.DECIMAL;
          case TIMESTAMP -> timestamp(column);
          case TIMESTAMP_WITH_ZONE -> Kind.TIMESTAMP_WITH_ZONE;
          case TEXT -> binaryText(column) ? Kind.TEXT : null;
          case BOOLEAN, FLOAT, DOUBLE, DATE, TIME, PADDED_TEXT, BINARY -> null;
        };
    if (kind == null) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          column.name().name(),
          "a cursor of type " + column.typeName() + " cannot tell which rows were read",
          "Take a column that rises with every change: a whole number, a decimal, a time stamp or"
              + " text.");
      return null;
    }
    return new KeysetColumn(column.name(), kind);
  }

  /**
   * What the cursor holds; a decimal whose scale nobody knows may have a fraction, unless it is
   * cast to a whole number: the cast refuses rows that have one.
   */
  Values cursorValues() {
    Reading reading = reading(table.column(spec.cursor()).orElseThrow());
    ColumnType cast = spec.columns().cast().get(spec.cursor());
    boolean declared = reading.getter() == Getter.DECIMAL && whole(cast);
    return declared || whole(reading.type()) ? Values.WHOLE : Values.DENSE;
  }

  private static boolean whole(ColumnType type) {
    return type != null
        && switch (type.kind()) {
          case INT, LONG -> true;
          case DECIMAL -> type.scale() == 0;
          case BOOLEAN, FLOAT, DOUBLE, DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, STRING, BINARY ->
              false;
        };
  }

  /** Its newer datetime2, and smalldatetime, have fractions that are told as they are. */
  private Kind timestamp(SourceColumn column) {
    boolean ticks =
        dialect.family() == Dialect.Family.SQL_SERVER
            && column.typeName().equalsIgnoreCase("datetime");
    return ticks ? Kind.TICKS : Kind.TIMESTAMP;
  }

  /** Whether the database can compare the column's text character by character. */
  private boolean binaryText(SourceColumn column) {
    return switch (dialect.family()) {
      case H2 -> column.typeName().equals("CHARACTER VARYING");
      case POSTGRESQL -> column.typeName().equals("text") || column.typeName().equals("varchar");
      case ORACLE, SQL_SERVER, MYSQL, OTHER -> false;
    };
  }

  /**
   * The transaction column; null with a problem if it cannot be one. Its default gives a number to
   * rows that are inserted, and to no others: so only a table of changes has a use for it.
   */
  KeysetColumn transaction() {
    if (dialect.family() != Dialect.Family.POSTGRESQL) {
      problems.column(
          ErrorCode.CONTRADICTION,
          spec.transaction(),
          "only PostgreSQL has transaction numbers",
          "Take transaction: out.");
      return null;
    }
    Optional<SourceColumn> found = find(spec.transaction());
    if (found.isEmpty()) {
      return null;
    }
    SourceColumn column = found.get();
    if (!column.typeName().equals("xid8")) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          spec.transaction(),
          "a transaction column of type " + column.typeName() + " is not supported",
          "Declare it as xid8 NOT NULL DEFAULT pg_current_xact_id().");
    }
    return new KeysetColumn(column.name(), Kind.TRANSACTION);
  }

  /**
   * The key columns, from the first on, that rows of one cursor value can be ordered by; null comes
   * last, as no two databases agree on where it comes otherwise.
   */
  List<KeysetColumn> tieBreakers(List<String> key) {
    List<KeysetColumn> columns = new ArrayList<>();
    for (String name : key) {
      SourceColumn column = table.column(name).orElseThrow();
      Kind kind = tieBreaker(column);
      if (kind == null) {
        break;
      }
      Nulls nulls = column.nullable() ? Nulls.LAST : Nulls.NONE;
      columns.add(new KeysetColumn(column.name(), kind, nulls));
    }
    return columns;
  }

  private Kind tieBreaker(SourceColumn column) {
    Kind kind =
        switch (reading(column).getter()) {
          case INT, LONG -> unsigned(column) ? Kind.DECIMAL : Kind.LONG;
          case DECIMAL -> Kind.DECIMAL;
          case TEXT, PADDED_TEXT -> Kind.OPAQUE;
          case BOOLEAN, FLOAT, DOUBLE, DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, BINARY -> null;
        };
    return kind != null && exact(column, kind) ? kind : null;
  }

  /** MySQL calls such a column a BIGINT, and half of its values are too large for one. */
  private static boolean unsigned(SourceColumn column) {
    return column.typeName().toUpperCase(Locale.ROOT).contains("UNSIGNED");
  }

  /** Whether two values that the database calls equal have the same text, and all have a place. */
  private boolean exact(SourceColumn column, Kind kind) {
    return switch (dialect.family()) {
      case H2 -> !column.typeName().equals("VARCHAR_IGNORECASE");
      // It has a decimal that is not a number.
      case POSTGRESQL ->
          kind == Kind.LONG
              || (kind == Kind.OPAQUE && ORDERED_BY_POSTGRESQL.contains(column.typeName()));
      // Not every database knows NULLS LAST, and texts are equal by the rules of a language.
      case ORACLE, SQL_SERVER, MYSQL, OTHER ->
          !column.nullable()
              && (kind == Kind.LONG || (kind == Kind.DECIMAL && column.scale() == 0));
    };
  }

  /** A key column that a snapshot is read in the order of; null with a problem if it cannot be. */
  KeysetColumn keyOf(String name, TableName base) {
    Optional<SourceColumn> found = table.column(name);
    if (found.isEmpty()) {
      return null;
    }
    SourceColumn column = found.get();
    if (column.nullable()) {
      problems.column(
          ErrorCode.KEY_COLUMN_NULLABLE,
          name,
          "a key column of the snapshot table " + base + " may hold NULL",
          "Declare it NOT NULL in the source.");
    }
    Kind kind =
        switch (wholeGetter(reading(column).getter(), column)) {
          case INT, LONG -> Kind.LONG;
          case DECIMAL -> Kind.DECIMAL;
          case TIMESTAMP -> timestamp(column);
          case TIMESTAMP_WITH_ZONE -> Kind.TIMESTAMP_WITH_ZONE;
          case DATE, TEXT, PADDED_TEXT -> Kind.OPAQUE;
          case BOOLEAN, FLOAT, DOUBLE, TIME, BINARY -> null;
        };
    if (kind == null) {
      problems.column(
          ErrorCode.UNSUPPORTED_COLUMN_TYPE,
          name,
          "a snapshot cannot be read in the order of a key of type " + column.typeName(),
          "Take snapshot: out.");
      return null;
    }
    return new KeysetColumn(column.name(), kind);
  }
}
