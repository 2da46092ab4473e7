package io.datamirror.feed;

import io.datamirror.change.Column;
import io.datamirror.change.RowWriter;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.sql.Rows;
import io.datamirror.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The product's decoding of column values and nothing else of it: no keys, no ranks, no windows.
 * For the baseline of the benchmarks, which lives here because decoders are nobody's business
 * outside.
 */
public final class BareRows {

  private final JdbcFeed feed;
  private final Connection connection;
  private final int fetchSize;

  /** Of the first table of a spec. */
  public BareRows(MirrorSpec spec, Connection connection) throws SQLException {
    this.feed = (JdbcFeed) FeedFactory.resolve(connection, spec.source(), spec.tables().get(0));
    this.connection = connection;
    this.fetchSize = spec.source().fetchSize();
  }

  /** The columns that are read, in order. */
  public List<Column> columns() {
    return feed.layout().storedColumns();
  }

  /** Takes what a row asks for; its values have been written. */
  public interface Sink {
    void row(String operation) throws IOException;
  }

  /** Reads the whole table in the order of its windows. */
  public void read(RowWriter values, Sink sink) throws SQLException, IOException, BadValueFound {
    RowPlan plan = feed.rows();
    int operation = plan.selected().size();
    connection.setAutoCommit(false);
    try (Rows rows = Rows.prepare(connection, query(plan), fetchSize)) {
      rows.execute();
      List<ColumnDecoder> decoders = decoders(plan, WireFormats.of(rows.row()));
      while (rows.next()) {
        ResultSet row = rows.row();
        values.reset();
        for (int i = 0; i < decoders.size(); i++) {
          decoders.get(i).decode(row, i + 1, values, i);
        }
        sink.row(row.getString(operation));
      }
    } catch (BadValue e) {
      throw new BadValueFound(e);
    } finally {
      connection.rollback();
    }
  }

  private SqlText query(RowPlan plan) {
    SqlText.Builder sql =
        SqlText.in(feed.target().dialect())
            .text("SELECT ")
            .names(plan.selected())
            .text(" FROM ")
            .name(feed.target().table());
    feed.windows().keyset().orderBy(sql);
    return sql.build();
  }

  private static List<ColumnDecoder> decoders(RowPlan plan, WireFormats formats) {
    List<ColumnDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < plan.columns().size(); i++) {
      decoders.add(
          Decoders.of(
              plan.columns().get(i), plan.layout().columns().get(i).type(), formats.at(i + 1)));
    }
    return decoders;
  }

  /** The workload has a value that its own column does not take. */
  public static final class BadValueFound extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueFound(Exception cause) {
      super(cause);
    }
  }
}
