package io.datamirror.source;

import io.datamirror.feed.CredentialMemory;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import java.sql.Connection;
import java.sql.SQLException;

/** Connections to the source of a spec that know whether it has ever taken the credentials. */
final class RememberingConnections implements SourceConnections {

  private static final long serialVersionUID = 1L;

  private final SourceSpec source;
  private final CredentialMemory memory = CredentialMemory.shared();

  RememberingConnections(SourceSpec source) {
    this.source = source;
  }

  @Override
  public void goOn() {
    memory.answered();
  }

  @Override
  public Connection open() throws SQLException {
    return Sources.open(source, SecretSource.ofProcess(), SourceLog::warn, memory);
  }
}
