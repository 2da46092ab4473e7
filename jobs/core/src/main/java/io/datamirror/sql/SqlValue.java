package io.datamirror.sql;

import java.io.Serializable;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;

/** A value that is bound to a statement, never written into its text. */
public final class SqlValue implements Serializable {
  private static final long serialVersionUID = 1L;

  private enum Kind {
    LONG,
    DECIMAL,
    TIMESTAMP,
    TIMESTAMP_WITH_ZONE,
    TEXT
  }

  private final Kind kind;
  private final Serializable value;

  private SqlValue(Kind kind, Serializable value) {
    this.kind = kind;
    this.value = value;
  }

  public static SqlValue of(long value) {
    return new SqlValue(Kind.LONG, value);
  }

  public static SqlValue of(BigDecimal value) {
    return new SqlValue(Kind.DECIMAL, value);
  }

  public static SqlValue of(LocalDateTime value) {
    return new SqlValue(Kind.TIMESTAMP, value);
  }

  public static SqlValue of(OffsetDateTime value) {
    return new SqlValue(Kind.TIMESTAMP_WITH_ZONE, value);
  }

  /** Text that the database reads as a value of the type that it is compared with. */
  public static SqlValue of(String value) {
    return new SqlValue(Kind.TEXT, value);
  }

  void bind(PreparedStatement statement, int index, Dialect dialect) throws SQLException {
    switch (kind) {
      case LONG -> statement.setLong(index, (Long) value);
      case DECIMAL -> statement.setBigDecimal(index, (BigDecimal) value);
      case TIMESTAMP, TIMESTAMP_WITH_ZONE -> statement.setObject(index, value);
      case TEXT -> {
        if (dialect.family() == Dialect.Family.POSTGRESQL) {
          // As a varchar it could not be compared with uuid, enum or xid8; untyped, it can.
          statement.setObject(index, value, Types.OTHER);
        } else {
          statement.setString(index, (String) value);
        }
      }
    }
  }
}
