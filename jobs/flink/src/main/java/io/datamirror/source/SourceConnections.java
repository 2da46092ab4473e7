package io.datamirror.source;

import io.datamirror.connect.HeldConnection;
import io.datamirror.spec.SourceSpec;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens connections to the source of a mirror. It travels to the tasks, and looks up secrets only
 * when a connection is opened. The mirror opens one for planning and one for each reader.
 */
@FunctionalInterface
public interface SourceConnections extends HeldConnection.Opening, Serializable {

  /** Connections to the source of a spec; secrets are those of the process that opens them. */
  static SourceConnections to(SourceSpec source) {
    return new RememberingConnections(source);
  }

  /**
   * The source took the credentials before: this goes on for a task that was begun earlier. So a
   * refusal says that they were replaced.
   */
  default void goOn() {}

  @Override
  Connection open() throws SQLException;
}
