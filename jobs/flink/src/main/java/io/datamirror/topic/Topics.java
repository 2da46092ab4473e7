package io.datamirror.topic;

import io.datamirror.feed.CredentialMemory;
import io.datamirror.feed.Feed;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The way to topics for everybody else. */
public final class Topics {

  private Topics() {}

  /**
   * A connection to the Kafka of a spec; nothing is asked yet. Secrets are looked up now.
   *
   * @param memory shared with the connections before it, which it goes on for
   */
  public static Connection connect(
      SourceSpec source, SecretSource secrets, CredentialMemory memory) {
    return TopicClient.connect(source, secrets, memory);
  }

  /**
   * The feed of one table.
   *
   * @param source the source behind {@code connection}
   * @param order the columns that come first in its layout
   * @throws io.datamirror.error.ProblemsException with all that is wrong with this table
   * @throws io.datamirror.error.MirrorException if there is no such topic, or Kafka does not answer
   */
  public static Feed resolve(
      Connection connection, SourceSpec source, TableSpec table, List<String> order)
      throws SQLException {
    return TopicFeed.resolve(connection, source, table, order);
  }
}
