package io.datamirror.source;

import io.datamirror.feed.Connections;
import io.datamirror.feed.CredentialMemory;
import io.datamirror.feed.Feed;
import io.datamirror.feed.FeedFactory;
import io.datamirror.files.Uploads;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SnapshotSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import io.datamirror.topic.Topics;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** The one door to sources of every type. */
public final class Sources {

  private Sources() {}

  /**
   * A connection to a source, to be closed by the caller.
   *
   * @param talk hears of each failure that is tried again, as one sentence
   * @throws io.datamirror.error.MirrorException if there is none
   */
  public static Connection open(SourceSpec source, SecretSource secrets, Consumer<String> talk) {
    return open(source, secrets, talk, CredentialMemory.none());
  }

  /**
   * The same for one that takes the place of others.
   *
   * @param memory shared with the connections before it
   */
  static Connection open(
      SourceSpec source, SecretSource secrets, Consumer<String> talk, CredentialMemory memory) {
    return switch (source.type()) {
      case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY ->
          Connections.to(source, secrets, talk).remembering(memory).open();
      case KAFKA -> Topics.connect(source, secrets, memory);
      case FILES -> Uploads.connect(source, secrets);
    };
  }

  /**
   * The source with a relative path in its place made absolute, so that it means the same in every
   * process. What holds references to secrets stays as it is.
   */
  public static SourceSpec absolute(SourceSpec source) {
    return switch (source.type()) {
      case JDBC -> source.withUrl(source.url().mapped(DatabaseFile::absolute));
      case FILES -> source.withUrl(source.url().mapped(Uploads::absolute));
      case KAFKA -> source.withSnapshot(absolute(source.snapshot()));
      case SNOWFLAKE, DATABRICKS, BIGQUERY -> source;
    };
  }

  private static SnapshotSource absolute(SnapshotSource snapshot) {
    return snapshot == null
        ? null
        : new SnapshotSource(absolute(snapshot.database()), snapshot.overlap());
  }

  /** The same, with the columns in the source's own order. */
  public static Feed resolve(Connection connection, SourceSpec source, TableSpec table)
      throws SQLException {
    return resolve(connection, source, table, List.of());
  }

  /**
   * The feed of one table. Reads descriptions only, no rows.
   *
   * @param connection a connection to {@code source}
   * @param order the columns that come first in its layout
   * @throws io.datamirror.error.ProblemsException with all that is wrong with this table
   */
  public static Feed resolve(
      Connection connection, SourceSpec source, TableSpec table, List<String> order)
      throws SQLException {
    return switch (source.type()) {
      case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY ->
          FeedFactory.resolve(connection, source, table, order);
      case KAFKA -> Topics.resolve(connection, source, table, order);
      case FILES -> Uploads.resolve(connection, table, order);
    };
  }
}
