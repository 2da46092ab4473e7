package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.WireFormats.Format;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/**
 * The types of a result's columns against those that they had when it was planned how to read them.
 * A window may be read hours after it was planned, and the bytes of a float make a whole number
 * that nobody wrote.
 */
final class ResultTypes {

  private final RowPlan plan;
  private final Dialect dialect;
  private final ResultSetMetaData metadata;

  private ResultTypes(RowPlan plan, Dialect dialect, ResultSetMetaData metadata) {
    this.plan = plan;
    this.dialect = dialect;
    this.metadata = metadata;
  }

  /**
   * Makes sure that columns whose raw bytes are read are still what the plan takes them for, or
   * wider: what does not fit into the narrower type is refused value by value.
   *
   * @throws MirrorException for the first one that is not
   */
  static void require(RowPlan plan, Dialect dialect, WireFormats formats, ResultSet rows)
      throws SQLException {
    ResultTypes types = new ResultTypes(plan, dialect, rows.getMetaData());
    RowText text = new RowText(plan);
    for (int i = 0; i < plan.columns().size(); i++) {
      Reading planned = plan.columns().get(i);
      boolean raw = formats.at(text.index(i)) != Format.UNKNOWN;
      if (raw && planned != null && planned.type() != null) {
        types.require(i, planned.type(), text.index(i));
      }
    }
  }

  private void require(int column, ColumnType planned, int index) throws SQLException {
    String name = plan.layout().columns().get(column).source();
    SourceColumn described =
        new SourceColumn(
            new Identifier(name),
            metadata.getColumnType(index),
            metadata.getColumnTypeName(index),
            metadata.getPrecision(index),
            metadata.getScale(index),
            true);
    ColumnType now = SourceTypes.of(dialect, described).type();
    if (now == null || !now.equals(planned) && !planned.widensTo(now)) {
      throw new MirrorException(
          ErrorCode.COLUMN_CHANGED,
          plan.layout().table() + "." + name,
          "its type was " + planned + " and is " + (now == null ? described.typeName() : now),
          "Cast it to its old type, or mirror the table under another name.");
    }
  }
}
