package io.datamirror.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for those who cannot take any port, and have to be told one: they open it later, close it
 * when they are killed, and open it again.
 *
 * <p>They lie below the ports that systems give to outgoing connections (32768 and above in Linux),
 * which would take one in the meantime; and are chosen at random, so that two processes of tests
 * choose different ones.
 */
public final class FreePorts {

  private static final int FIRST = 12_000;
  private static final int LAST = 32_000;

  private FreePorts() {}

  /** A port of the loopback address that nobody listens at. */
  public static int one() {
    return firstOf(1);
  }

  /** The first of so many consecutive ports of the loopback address that nobody listens at. */
  public static int firstOf(int count) {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - count);
      if (allFree(first, count)) {
        return first;
      }
    }
  }

  private static boolean allFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        socket.getLocalPort();
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
