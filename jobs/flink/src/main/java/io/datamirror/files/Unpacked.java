package io.datamirror.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What the members of a gzip file hold, up to the last byte of the file. The JDK's own stream takes
 * whatever it cannot read behind a member for the end; a library that does not would keep back what
 * it unpacked just before a break.
 */
final class Unpacked extends GZIPInputStream {

  private static final int TRAILER_BYTES = 8;

  private final Packed file;
  private long filled;

  private Unpacked(Packed file, int bufferBytes) throws IOException {
    super(file, bufferBytes);
    this.file = file;
  }

  /** The unpacked bytes of a file. */
  static InputStream of(InputStream file, int bufferBytes) throws IOException {
    return new Unpacked(new Packed(file), bufferBytes);
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    filled = file.count;
  }

  /**
   * @throws Trailing if something that is no whole header of a member stands behind the last one
   */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    if (read < 0) {
      requireEnd();
    }
    return read;
  }

  // The header of a next member was looked for, and how that failed was kept back.
  private void requireEnd() throws IOException {
    if (file.failure != null) {
      throw file.failure;
    }
    long end = filled - inf.getRemaining() + TRAILER_BYTES;
    if (file.count > end) {
      throw new Trailing();
    }
  }

  /** Something stands behind the last member. */
  static final class Trailing extends ZipException {
    private static final long serialVersionUID = 1L;
  }

  /** A file that says that there may be more until its end was met, and keeps its failure. */
  private static final class Packed extends InputStream {

    private final InputStream file;
    private long count;
    private boolean ended;
    private IOException failure;

    Packed(InputStream file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = file.read(bytes, offset, length);
        ended = read < 0;
        count += Math.max(0, read);
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int available() {
      return ended ? 0 : 1;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
