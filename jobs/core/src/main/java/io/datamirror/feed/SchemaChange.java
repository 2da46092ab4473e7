package io.datamirror.feed;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.OnSchemaChange;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of a source table's columns since its feed was resolved.
 *
 * <p>Columns that are new, and types that hold more than before, can be followed: the feed that
 * follows has every stored column at the place where it was, and new ones behind them. So the hash
 * of a row whose new columns are null is the hash that it had. Everything else stops the table,
 * another key above all, which a source may have where the spec leaves it out.
 */
public sealed interface SchemaChange {

  /** Nothing that concerns the mirror. */
  record None() implements SchemaChange {}

  /**
   * A change that can be followed.
   *
   * @param feed reads the table as it is now
   * @param what the change in words
   */
  record Followed(Feed feed, String what) implements SchemaChange {}

  /** A change that cannot be followed, or may not be. */
  record Refused(Problem problem) implements SchemaChange {}

  /**
   * Looks at a table. Reads descriptions only, no rows.
   *
   * @param known the feed that the table is read with
   */
  static SchemaChange of(Connection connection, SourceSpec source, TableSpec table, Feed known)
      throws SQLException {
    ChangeLayout layout = known.layout();
    try {
      List<String> order = layout.columns().stream().map(Column::source).toList();
      Feed now = FeedFactory.resolve(connection, source, table, order);
      return new Comparison(table, layout, now.layout()).of(now);
    } catch (ProblemsException e) {
      return problem(table, layout, e);
    }
  }

  private static SchemaChange problem(TableSpec table, ChangeLayout layout, ProblemsException e) {
    Set<String> known = new HashSet<>();
    layout.columns().forEach(column -> known.add(table.name() + "." + column.source()));
    for (Problem problem : e.problems()) {
      boolean newColumn =
          problem.code() == ErrorCode.UNSUPPORTED_COLUMN_TYPE && !known.contains(problem.path());
      if (newColumn && table.onSchemaChange() == OnSchemaChange.IGNORE) {
        continue;
      }
      boolean gone = problem.code() == ErrorCode.MISSING_COLUMN;
      return new Refused(
          new Problem(
              gone ? ErrorCode.COLUMN_VANISHED : problem.code(),
              problem.path(),
              0,
              problem.sentence(),
              problem.nextStep()));
    }
    return new None();
  }

  /** Two layouts of one table, compared. */
  final class Comparison {

    private static final String TYPE_STAYS =
        "Cast it to its old type, or mirror the table under another name.";
    private static final String LAW_STAYS =
        "Key, version, time and partition keep their types: cast it to its old type, or mirror the"
            + " table under another name.";

    private final TableSpec table;
    private final ChangeLayout before;
    private final ChangeLayout after;
    private final Map<String, Column> now = new HashMap<>();
    private final Map<String, Column> readOnly = new HashMap<>();
    private final List<String> followed = new ArrayList<>();

    Comparison(TableSpec table, ChangeLayout before, ChangeLayout after) {
      this.table = table;
      this.before = before;
      this.after = after;
      after.storedColumns().forEach(column -> now.put(column.source(), column));
      after.columns().stream()
          .filter(column -> !column.stored())
          .forEach(column -> readOnly.put(column.source(), column));
    }

    SchemaChange of(Feed feed) {
      if (!key(after).equals(key(before))) {
        return rekeyed();
      }
      for (int i = 0; i < before.columns().size(); i++) {
        Column column = before.columns().get(i);
        if (!column.stored()) {
          Column read = readOnly.getOrDefault(column.source(), column);
          if (!read.type().equals(column.type()) && !column.type().widensTo(read.type())) {
            return retyped(column, read, LAW_STAYS);
          }
          continue;
        }
        Column changed = now.remove(column.source());
        if (changed == null) {
          return refused(
              ErrorCode.COLUMN_VANISHED,
              column,
              "it is no longer in " + table.source(),
              "Put it back into the source, or name the others in columns: { include: […] } and start"
                  + " the mirror again: then the lake keeps the column and gives it no more values.");
        }
        if (!changed.type().equals(column.type())) {
          boolean law = decides(i);
          if (law || !column.type().widensTo(changed.type())) {
            return retyped(column, changed, law ? LAW_STAYS : TYPE_STAYS);
          }
          followed.add(column.source() + " is " + changed.type() + " now");
        }
      }
      now.values().forEach(column -> followed.add(column.source() + " is new"));
      return followed.isEmpty() ? new None() : byPolicy(feed);
    }

    /** In its order: by another one, no row would be found that is remembered. */
    private static List<String> key(ChangeLayout layout) {
      return layout.key().stream().map(column -> layout.columns().get(column).source()).toList();
    }

    private SchemaChange rekeyed() {
      return new Refused(
          Problem.of(
              ErrorCode.COLUMN_CHANGED,
              table.name(),
              "the key of " + table.source() + " was " + key(before) + " and is " + key(after),
              "A table keeps its key for life: write primary-key: "
                  + key(before)
                  + " and start the mirror again, or mirror the table under another name."));
    }

    private SchemaChange retyped(Column before, Column now, String nextStep) {
      return refused(
          ErrorCode.COLUMN_CHANGED,
          before,
          "its type was " + before.type() + " and is " + now.type(),
          nextStep);
    }

    private SchemaChange byPolicy(Feed feed) {
      String what = String.join(", ", followed);
      return switch (table.onSchemaChange()) {
        case ADD_COLUMNS -> new Followed(feed, what);
        case IGNORE -> new None();
        case STOP ->
            new Refused(
                Problem.of(
                    ErrorCode.SCHEMA_CHANGED,
                    table.name(),
                    "the columns of " + table.source() + " changed: " + what,
                    "Set on-schema-change to add-columns or ignore, or exclude the column."));
      };
    }

    private boolean decides(int column) {
      return before.key().contains(column)
          || before.version().contains(column)
          || before.order() == column
          || before.time() == column
          || table.partitionBy().stream()
              .anyMatch(field -> field.column().equals(before.columns().get(column).source()));
    }

    private SchemaChange refused(ErrorCode code, Column column, String sentence, String nextStep) {
      return new Refused(
          Problem.of(code, table.name() + "." + column.source(), sentence, nextStep));
    }
  }
}
