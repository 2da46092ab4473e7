package io.datamirror.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network between a client and a server of this machine that breaks one connection, once, in the
 * middle of what the server sends. It listens on a free port of the loopback address.
 */
public final class BadNetwork implements AutoCloseable {

  private static final int CRAWLING_MILLIS_A_BYTE = 10;
  private static final int CRAWLING_BYTES = 50;
  private static final int BUFFER_BYTES = 1_024;

  /** What becomes of the connection. */
  public enum Break {
    /** Both sides see a reset. */
    CUT,
    /** The client sees the end of the answer; what it sends is taken. */
    HALF_CLOSE,
    /** Nothing comes any more, and nobody is told, as when a firewall forgets a connection. */
    SILENCE,
    /** A hundred bytes a second for half a second, then full speed again. */
    CRAWL
  }

  private final ServerSocket listening;
  private final int serverPort;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Break kind;
  private final long breakAfterBytes;
  private final AtomicLong bytesSent = new AtomicLong();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean broken;

  /** Breaks after {@code afterBytes} bytes that the server sent, over all connections. */
  public BadNetwork(int serverPort, Break kind, long afterBytes) throws IOException {
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.serverPort = serverPort;
    this.kind = kind;
    this.breakAfterBytes = afterBytes;
    threads.execute(this::accept);
  }

  /** Where the client connects to. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Whether the connection was broken. */
  public boolean broken() {
    return broken;
  }

  /** How many bytes the server has sent. */
  public long bytesSent() {
    return bytesSent.get();
  }

  /** How many connections were made. */
  public int connections() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        accepted.incrementAndGet();
        open.add(client);
        open.add(server);
        threads.execute(() -> requests(client, server));
        threads.execute(() -> answers(client, server));
      }
    } catch (IOException e) {
      // The test is over.
      return;
    }
  }

  private static void requests(Socket client, Socket server) {
    try {
      client.getInputStream().transferTo(server.getOutputStream());
      server.shutdownOutput();
    } catch (IOException e) {
      close(server);
    }
  }

  private void answers(Socket client, Socket server) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (bytesSent.addAndGet(read) > breakAfterBytes && !broken) {
          broken = true;
          if (kind != Break.CRAWL) {
            end(client, server);
            return;
          }
          crawl(out, buffer, read);
        } else {
          out.write(buffer, 0, read);
        }
      }
      client.shutdownOutput();
    } catch (IOException e) {
      close(client);
    }
  }

  /** Breaks the connection for good. */
  private void end(Socket client, Socket server) throws IOException {
    switch (kind) {
      case CUT -> {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        close(client);
        close(server);
      }
      case HALF_CLOSE -> client.shutdownOutput();
      case SILENCE -> server.getInputStream().transferTo(OutputStream.nullOutputStream());
      case CRAWL -> throw new IllegalStateException("a slow connection does not end");
    }
  }

  private static void crawl(OutputStream out, byte[] buffer, int length) throws IOException {
    int slow = Math.min(length, CRAWLING_BYTES);
    for (int i = 0; i < slow; i++) {
      out.write(buffer[i]);
      pause(CRAWLING_MILLIS_A_BYTE);
    }
    out.write(buffer, slow, length - slow);
  }

  private static void pause(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the test is over", e);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(BadNetwork::close);
    threads.shutdownNow();
  }
}
