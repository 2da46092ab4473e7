package io.datamirror.feed;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * In which form a driver received the columns of a result, where it tells: then {@link
 * ResultSet#getBytes} gives what came over the wire as it is, and no object is made of it.
 *
 * <p>PostgreSQL's driver tells. It is asked by reflection, since drivers are the user's to bring
 * and nothing here is linked with one.
 */
final class WireFormats {

  /** The form of one column. */
  enum Format {
    /** Only the driver knows. */
    UNKNOWN,
    /** The value as text, in UTF-8. */
    TEXT,
    /** PostgreSQL's own binary form of the column's type. */
    BINARY
  }

  private static final String DRIVER = "org.postgresql.PGResultSetMetaData";
  private static final int BINARY_CODE = 1;

  private final Format[] formats;

  private WireFormats(Format[] formats) {
    this.formats = formats;
  }

  /** Nothing is known of any column. */
  static WireFormats unknown(int columns) {
    Format[] formats = new Format[columns];
    Arrays.fill(formats, Format.UNKNOWN);
    return new WireFormats(formats);
  }

  /** The forms of the columns of {@code rows}. */
  static WireFormats of(ResultSet rows) throws SQLException {
    ResultSetMetaData metadata = rows.getMetaData();
    WireFormats known = unknown(metadata.getColumnCount());
    Class<?> driver = driver(metadata.getClass());
    if (driver != null) {
      known.ask(driver, metadata);
    }
    return known;
  }

  private static Class<?> driver(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> implemented : at.getInterfaces()) {
        if (implemented.getName().equals(DRIVER)) {
          return implemented;
        }
      }
    }
    return null;
  }

  private void ask(Class<?> driver, ResultSetMetaData metadata) throws SQLException {
    try {
      Method format = driver.getMethod("getFormat", int.class);
      for (int i = 0; i < formats.length; i++) {
        int code = (int) format.invoke(metadata, i + 1);
        formats[i] = code == BINARY_CODE ? Format.BINARY : Format.TEXT;
      }
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      Arrays.fill(formats, Format.UNKNOWN);
    } catch (ReflectiveOperationException e) {
      // A driver of another time, which tells in another way: its getters serve as well.
      Arrays.fill(formats, Format.UNKNOWN);
    }
  }

  /** The form of the column at {@code index}, from 1; unknown for a column that is not read. */
  Format at(int index) {
    return index == 0 ? Format.UNKNOWN : formats[index - 1];
  }
}
