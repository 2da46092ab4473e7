package io.datamirror.files;

import io.datamirror.feed.ClientConnection;
import io.datamirror.feed.Feed;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The way to files of changes for everybody else. */
public final class Uploads {

  private Uploads() {}

  /** A connection to the directory of a spec; nothing is looked at yet. */
  public static Connection connect(SourceSpec source, SecretSource secrets) {
    return ClientConnection.around(
        new FileClient(FilePlace.of(source.url().resolve(secrets)), source.settle()));
  }

  /** The address that a path of this process means, the same in every process. */
  public static String absolute(String path) {
    return FilePlace.of(path).address();
  }

  /**
   * The feed of one table.
   *
   * @param order the columns that come first in its layout
   * @throws io.datamirror.error.ProblemsException with all that is wrong with this table
   * @throws io.datamirror.error.MirrorException if the directory cannot be listed
   */
  public static Feed resolve(Connection connection, TableSpec table, List<String> order)
      throws SQLException {
    return FileFeed.resolve(connection, table, order);
  }
}
