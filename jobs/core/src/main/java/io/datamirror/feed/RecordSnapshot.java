package io.datamirror.feed;

import io.datamirror.error.ProblemsException;
import io.datamirror.spec.TableSpec;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.SqlText;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The base table of a table whose changes are records: a table of a database, whose rows are read
 * before them. It goes on changing while it is read.
 */
public final class RecordSnapshot implements Serializable {

  private static final long serialVersionUID = 1L;

  private final BaseTable base;

  private RecordSnapshot(BaseTable base) {
    this.base = base;
  }

  /**
   * The base table of a spec.
   *
   * @param database where it is
   * @param records the records, whose columns it has
   * @param places the columns that say where a record stands, with what they are for a row of the
   *     base table; null for nothing
   * @throws ProblemsException with all that is wrong with it
   */
  public static RecordSnapshot resolve(
      Connection database, TableSpec spec, RecordTable records, Map<String, Long> places)
      throws SQLException {
    TableProblems problems = new TableProblems(spec, List.of());
    SourceTable table = SourceTable.existing(database, spec.snapshot(), problems);
    problems.throwIfAny();
    RowPlan.TimeNeed time =
        switch (records.time()) {
          case OPTIONAL -> RowPlan.TimeNeed.OPTIONAL;
          case REQUIRED -> RowPlan.TimeNeed.REQUIRED;
        };
    BaseTable base =
        new BaseResolver(Dialect.of(database), spec, table, problems)
            .resolve(records.layout(), places, time);
    problems.throwIfAny();
    return new RecordSnapshot(base);
  }

  /**
   * Looks at the base table of a spec whose records something is wrong with: at all but what
   * follows from them.
   *
   * @throws ProblemsException with all that is wrong with it
   */
  public static void check(Connection database, TableSpec spec) throws SQLException {
    TableProblems problems = new TableProblems(spec, List.of());
    SourceTable table = SourceTable.existing(database, spec.snapshot(), problems);
    problems.throwIfAny();
    new BaseResolver(Dialect.of(database), spec, table, problems).checkDeclared();
    problems.throwIfAny();
  }

  /** The same table, with these columns read and not stored. */
  public RecordSnapshot withoutStoring(Set<String> columns) {
    return new RecordSnapshot(base.withoutStoring(columns));
  }

  /** Cuts the table into chunks of roughly {@code rows} rows that can be read side by side. */
  public List<Chunk> chunks(Connection database, long rows) throws SQLException {
    return base.chunks(database, rows);
  }

  /**
   * Makes sure that it may be read, as {@link Feed#probe}.
   *
   * @param table what the mirror calls the table
   */
  public void probe(Connection database, String table) throws SQLException {
    base.probe(new Probe(database, table));
  }

  /** Reads a chunk, as {@link Feed#open}. */
  public ChunkReader open(Connection database, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    return base.open(database, chunk, resume, fetchSize);
  }

  /** Every statement that would be sent. */
  public List<String> statements() {
    return base.statements().stream().map(SqlText::toString).toList();
  }
}
