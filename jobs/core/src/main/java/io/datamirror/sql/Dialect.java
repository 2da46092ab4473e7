package io.datamirror.sql;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The words in which one database differs from another.
 *
 * @param family the databases whose particular abilities are used
 * @param quote what stands before and after an identifier
 */
public record Dialect(Family family, String quote) implements Serializable {

  /** Databases that are known by name; every other is {@link #OTHER}: standard SQL only. */
  public enum Family {
    H2,
    POSTGRESQL,
    ORACLE,
    SQL_SERVER,
    /** MariaDB too. */
    MYSQL,
    OTHER
  }

  private static final String STANDARD_QUOTE = "\"";

  /** The dialect of the database behind {@code connection}. */
  public static Dialect of(Connection connection) throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    Family family =
        switch (metadata.getDatabaseProductName()) {
          case "H2" -> Family.H2;
          case "PostgreSQL" -> Family.POSTGRESQL;
          case "Oracle" -> Family.ORACLE;
          case "Microsoft SQL Server" -> Family.SQL_SERVER;
          case "MySQL", "MariaDB" -> Family.MYSQL;
          default -> Family.OTHER;
        };
    return new Dialect(family, quote(metadata));
  }

  private static String quote(DatabaseMetaData metadata) throws SQLException {
    String quote = metadata.getIdentifierQuoteString();
    // A space is JDBC's way to say that the database knows no quotes: then its names need none,
    // and a name that does fails as a syntax error, not as another statement.
    return quote == null || quote.isBlank() ? STANDARD_QUOTE : quote;
  }

  /**
   * The server's clock in epoch milliseconds. That of a PostgreSQL standby is the time up to which
   * it has replayed what was committed, as far as it knows.
   */
  public long clockMillis(Connection connection) throws SQLException {
    try (Rows rows = clockQuery().query(connection)) {
      rows.next();
      return rows.row().getObject(1, OffsetDateTime.class).toInstant().toEpochMilli();
    }
  }

  /** The statement of {@link #clockMillis}. */
  public SqlText clockQuery() {
    SqlText.Builder sql = SqlText.in(this);
    return switch (family) {
      // Unlike CURRENT_TIMESTAMP, clock_timestamp moves on inside a transaction; LEAST passes over
      // the null of a standby that has replayed nothing yet, or does not tell.
      case POSTGRESQL ->
          sql.text("SELECT CASE WHEN pg_is_in_recovery()")
              .text(" THEN LEAST(clock_timestamp(), pg_last_xact_replay_timestamp())")
              .text(" ELSE clock_timestamp() END")
              .build();
      // Before release 23 it knows no SELECT without FROM.
      case ORACLE -> sql.text("SELECT CURRENT_TIMESTAMP FROM DUAL").build();
      // Its CURRENT_TIMESTAMP has no zone.
      case SQL_SERVER -> sql.text("SELECT SYSDATETIMEOFFSET()").build();
      // Otherwise it tells whole seconds, and what settles would do so up to a second too soon.
      case MYSQL -> sql.text("SELECT CURRENT_TIMESTAMP(6)").build();
      case H2, OTHER -> sql.text("SELECT CURRENT_TIMESTAMP").build();
    };
  }

  /**
   * Has the server refuse, from now on and for this connection, what policies would hide rows of;
   * empty where there is no such thing. PostgreSQL leaves the rows out otherwise.
   */
  public Optional<SqlText> allRowsQuery() {
    return family == Family.POSTGRESQL
        ? Optional.of(
            SqlText.in(this).text("SELECT set_config('row_security', 'off', false)").build())
        : Optional.empty();
  }

  /** Whether the server is known to be a standby, which only replays what another one commits. */
  public boolean standby(Connection connection) throws SQLException {
    Optional<SqlText> query = standbyQuery();
    if (query.isEmpty()) {
      return false;
    }
    try (Rows rows = query.get().query(connection)) {
      return rows.next() && rows.row().getBoolean(1);
    }
  }

  /** The statement of {@link #standby}; empty where there is none. */
  public Optional<SqlText> standbyQuery() {
    return family == Family.POSTGRESQL
        ? Optional.of(SqlText.in(this).text("SELECT pg_is_in_recovery()").build())
        : Optional.empty();
  }

  /**
   * What tells this incarnation of a table from the next of the same name; empty when the database
   * has no such thing. H2 gives a recreated table the number of the dropped one, so it has none.
   */
  public Optional<String> incarnation(Connection connection, TableName table) throws SQLException {
    Optional<SqlText> query = incarnationQuery(table);
    if (query.isEmpty()) {
      return Optional.empty();
    }
    try (Rows rows = query.get().query(connection)) {
      return rows.next() ? Optional.ofNullable(rows.row().getString(1)) : Optional.empty();
    }
  }

  /** The statement of {@link #incarnation}. */
  public Optional<SqlText> incarnationQuery(TableName table) {
    return switch (family) {
      case POSTGRESQL ->
          Optional.of(
              SqlText.in(this)
                  .text("SELECT to_regclass(")
                  .value(SqlValue.of(table.quoted(quote)))
                  .text(")::oid::bigint")
                  .build());
      case H2, ORACLE, SQL_SERVER, MYSQL, OTHER -> Optional.empty();
    };
  }

  /** Whether a time stamp may be finer than a microsecond. */
  public boolean nanoseconds() {
    return switch (family) {
      case POSTGRESQL, MYSQL -> false;
      case H2, ORACLE, SQL_SERVER, OTHER -> true;
    };
  }

  /** Asks whether a subscription of logical replication fills a table; PostgreSQL only. */
  public SqlText subscribedQuery(TableName table) {
    return SqlText.in(this)
        .text("SELECT EXISTS (SELECT 1 FROM pg_subscription_rel WHERE srrelid = to_regclass(")
        .value(SqlValue.of(table.quoted(quote)))
        .text("))")
        .build();
  }

  /** The transactions that run and ran, see {@link Horizon}; PostgreSQL only. */
  public Horizon horizon(Connection connection) throws SQLException {
    try (Rows rows = horizonQuery().query(connection)) {
      rows.next();
      return new Horizon(
          Long.parseUnsignedLong(rows.row().getString(1)),
          Long.parseUnsignedLong(rows.row().getString(2)));
    }
  }

  /** The statement of {@link #horizon}. */
  public SqlText horizonQuery() {
    return SqlText.in(this)
        .text("SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text")
        .text(" FROM pg_current_snapshot() AS s")
        .build();
  }

  /**
   * What a snapshot of PostgreSQL says about transaction numbers.
   *
   * @param finishedBelow every transaction of a smaller number has ended
   * @param startedBelow no transaction of this number or a greater one had begun to write
   */
  public record Horizon(long finishedBelow, long startedBelow) {}
}
