package io.datamirror.files;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of a file as bytes, unpacked where its name ends with .gz. */
final class Lines {

  private static final Logger LOG = LoggerFactory.getLogger(Lines.class);
  private static final int BUFFER_BYTES = 64 << 10;

  /** A line that never ends must not take all memory. */
  private static final int MOST_BYTES = 64 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream file;
  private final boolean packed;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private InputStream input;
  private long number;
  private boolean endedWithReturn;

  private Lines(InputStream file, boolean packed) {
    this.file = file;
    this.packed = packed;
  }

  /** The lines of an open file. */
  static Lines of(InputStream file, String path) {
    return new Lines(file, path.endsWith(".gz"));
  }

  /**
   * The next line without its end; null at the end of the file.
   *
   * @throws BrokenFile if the file breaks off, or is not packed as its name says
   */
  byte[] next() throws IOException, BrokenFile {
    try {
      return read();
    } catch (Unpacked.Trailing e) {
      throw new BrokenFile("what stands behind its gzip is none, or breaks off");
    } catch (ZipException e) {
      throw new BrokenFile("it is not gzip, or damaged");
    } catch (EOFException e) {
      throw new BrokenFile("it breaks off: its end is missing");
    }
  }

  private byte[] read() throws IOException, BrokenFile {
    if (input == null) {
      InputStream unpacked = packed ? Unpacked.of(file, BUFFER_BYTES) : file;
      input = new BufferedInputStream(unpacked, BUFFER_BYTES);
      skipByteOrderMark();
    }
    line.reset();
    number++;
    int next = input.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() == MOST_BYTES) {
        throw new BrokenFile("a line of it is longer than " + MOST_BYTES + " bytes");
      }
      line.write(next);
      next = input.read();
    }
    byte[] read = line.toByteArray();
    endedWithReturn = read.length > 0 && read[read.length - 1] == '\r';
    return endedWithReturn ? Arrays.copyOf(read, read.length - 1) : read;
  }

  private void skipByteOrderMark() throws IOException {
    input.mark(BYTE_ORDER_MARK.length);
    for (byte mark : BYTE_ORDER_MARK) {
      if ((byte) input.read() != mark) {
        input.reset();
        return;
      }
    }
  }

  /** Whether the last line ended as lines do on Windows. */
  boolean endedWithReturn() {
    return endedWithReturn;
  }

  /** The number of the last line, from 1. */
  long number() {
    return number;
  }

  void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("A file did not close", e);
    }
  }
}
