package io.datamirror.files;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.fs.FSDataInputStream;

/**
 * The bytes of a file, and what fails while they are read: by that, a file system that does not
 * answer is told from a file that is damaged.
 */
final class FileInput extends FSDataInputStream {

  private final FSDataInputStream input;
  private final long length;

  /**
   * @param length how long the file is
   */
  FileInput(FSDataInputStream input, long length) {
    this.input = input;
    this.length = length;
  }

  /**
   * @throws IOException if there is no such place in the file, which its own numbers then name
   * @throws ReadFailed if the file system fails
   */
  @Override
  public void seek(long position) throws IOException {
    if (position < 0 || position > length) {
      throw new IOException("there is nothing at " + position);
    }
    try {
      input.seek(position);
    } catch (IOException | RuntimeException e) {
      throw ReadFailed.by(e);
    }
  }

  @Override
  public long getPos() throws IOException {
    try {
      return input.getPos();
    } catch (IOException | RuntimeException e) {
      throw ReadFailed.by(e);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return input.read();
    } catch (IOException | RuntimeException e) {
      throw ReadFailed.by(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    // It is the numbers of a damaged file that ask for what no array holds.
    Objects.checkFromIndexSize(offset, length, bytes.length);
    try {
      return input.read(bytes, offset, length);
    } catch (IOException | RuntimeException e) {
      throw ReadFailed.by(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      input.close();
    } catch (IOException | RuntimeException e) {
      throw ReadFailed.by(e);
    }
  }
}
