package io.datamirror.feed;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads many bytes at a time of a server that sends few at a time.
 *
 * <p>A reader that is quicker than its server is woken for every packet of it, which costs more
 * than to read it. So while a large answer comes, this waits for a moment until more of it is
 * there. An answer that fits in one packet is handed on at once.
 */
final class PatientInput extends InputStream {

  private static final int BUFFER_BYTES = 64 << 10;

  /** After so many bytes at once more are to be expected: a server's buffer is as large. */
  private static final int PACKET_BYTES = 8 << 10;

  private static final int WORTH_READING_BYTES = 2 * PACKET_BYTES;
  private static final long PATIENCE_NANOS = 150_000;

  private final InputStream input;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;
  private int lastBytes;

  PatientInput(InputStream input) {
    this.input = input;
  }

  @Override
  public int read() throws IOException {
    return ensure() ? buffer[start++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ensure()) {
      return -1;
    }
    int count = Math.min(length, end - start);
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  @Override
  public int available() throws IOException {
    return end - start + input.available();
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  /** False at the end. */
  private boolean ensure() throws IOException {
    if (start < end) {
      return true;
    }
    if (lastBytes >= PACKET_BYTES && input.available() < WORTH_READING_BYTES) {
      LockSupport.parkNanos(this, PATIENCE_NANOS);
    }
    start = 0;
    end = 0;
    lastBytes = input.read(buffer, 0, buffer.length);
    end = Math.max(0, lastBytes);
    return end > 0;
  }
}
