package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.ColumnType;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.io.Serializable;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table whose rows are records of a topic or of files: what a spec declares of them, checked.
 *
 * @param layout where the parts of a change stand
 * @param operation the control column
 * @param time whether a change must have a time
 * @param known the columns that are declared
 * @param undeclared what becomes of a record that has others
 */
public record RecordTable(
    ChangeLayout layout, String operation, TimeNeed time, Set<String> known, Undeclared undeclared)
    implements Serializable {

  /** Whether a change may come without a time. */
  public enum TimeNeed {
    OPTIONAL,
    REQUIRED
  }

  /** What becomes of a record with a column that is not declared. */
  public enum Undeclared {
    PASSED_OVER,
    /** The source has changed, and the spec says stop. */
    STOPS,
    /** Somebody wrote it for this table, and wrote it wrong. */
    REFUSED
  }

  private static final Dialect NO_DATABASE = new Dialect(Dialect.Family.OTHER, "\"");

  public RecordTable {
    known = Set.copyOf(known);
  }

  /**
   * The table of a spec.
   *
   * @param places the columns that say where a record stands, which are there without being
   *     declared
   * @throws ProblemsException with all that is wrong with it
   */
  public static RecordTable resolve(TableSpec spec, Map<String, ColumnType> places) {
    return resolve(spec, places, List.of());
  }

  /**
   * The same, with columns that come first in the layout, in this order; the hash of a row depends
   * on where its columns stand.
   */
  public static RecordTable resolve(
      TableSpec spec, Map<String, ColumnType> places, List<String> order) {
    TableProblems problems = new TableProblems(spec, order);
    List<SourceColumn> declared = new ArrayList<>();
    spec.records().schema().forEach((name, type) -> declared.add(column(name, type)));
    places.forEach((name, type) -> declared.add(column(name, type)));
    declared.add(column(spec.operationColumn(), ColumnType.of(ColumnType.Kind.STRING)));
    TableName name = new TableName(List.of(new Identifier(spec.source())));
    SpecColumns columns =
        new SpecColumns(NO_DATABASE, spec, new SourceTable(name, declared), problems);
    ChangeLayout layout = new LayoutResolver(spec, columns, problems).resolve();
    problems.throwIfAny();
    TimeNeed time =
        switch (columns.time()) {
          case OPTIONAL -> TimeNeed.OPTIONAL;
          case REQUIRED -> TimeNeed.REQUIRED;
        };
    return new RecordTable(
        layout,
        spec.operationColumn(),
        time,
        spec.records().schema().keySet(),
        undeclared(spec.onSchemaChange()));
  }

  private static Undeclared undeclared(OnSchemaChange policy) {
    return switch (policy) {
      case IGNORE, ADD_COLUMNS -> Undeclared.PASSED_OVER;
      case STOP -> Undeclared.STOPS;
    };
  }

  private static SourceColumn column(String name, ColumnType type) {
    return new SourceColumn(
        new Identifier(name),
        switch (type.kind()) {
          case BOOLEAN -> Types.BOOLEAN;
          case INT -> Types.INTEGER;
          case LONG -> Types.BIGINT;
          case FLOAT -> Types.REAL;
          case DOUBLE -> Types.DOUBLE;
          case DECIMAL -> Types.DECIMAL;
          case DATE -> Types.DATE;
          case TIME -> Types.TIME;
          case TIMESTAMP -> Types.TIMESTAMP;
          case TIMESTAMP_WITH_ZONE -> Types.TIMESTAMP_WITH_TIMEZONE;
          case STRING -> Types.VARCHAR;
          case BINARY -> Types.VARBINARY;
        },
        type.toString(),
        type.precision(),
        type.scale(),
        true);
  }

  /** The same table, with these columns read and not stored. */
  public RecordTable withoutStoring(Set<String> columns) {
    return new RecordTable(layout.withoutStoring(columns), operation, time, known, undeclared);
  }

  /** Whether a record may have a column of this name. */
  public boolean declares(String column) {
    return known.contains(column) || column.equals(operation);
  }

  /** Makes changes of records, and hands them to {@code sink}. */
  public RecordDecoder decoder(ChangeSink sink) {
    return new RecordDecoder(this, sink);
  }
}
