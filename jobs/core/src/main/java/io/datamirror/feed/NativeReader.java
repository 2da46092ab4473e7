package io.datamirror.feed;

import io.datamirror.change.ChangeSink;
import java.sql.SQLException;

/** Reads a chunk of a native feed; what fails is explained by the warehouse's own rules. */
final class NativeReader implements ChunkReader {

  private final KeysetReader reader;
  private final NativeErrors errors;

  NativeReader(KeysetReader reader, NativeErrors errors) {
    this.reader = reader;
    this.errors = errors;
  }

  @Override
  public int read(ChangeSink sink, int maxRows) throws SQLException {
    return errors.run(() -> reader.read(sink, maxRows));
  }

  @Override
  public Resume resume() {
    return reader.resume();
  }

  @Override
  public void cancel() {
    reader.cancel();
  }

  @Override
  public void close() throws SQLException {
    reader.close();
  }
}
