package io.datamirror.feed;

import io.datamirror.change.RowWriter;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Takes the value of one column out of a row and writes it on. Made once per column and reader. */
interface ColumnDecoder {

  /**
   * Writes the value.
   *
   * @param row where the driver stands
   * @param index the column's place in the row, from 1
   * @param to where the value goes
   * @param column its number there
   * @throws BadValue if the value does not fit
   * @throws SQLException if the driver fails, be it for the value or for the connection
   */
  void decode(ResultSet row, int index, RowWriter to, int column) throws SQLException, BadValue;
}
