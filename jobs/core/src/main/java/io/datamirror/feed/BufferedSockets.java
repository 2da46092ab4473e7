package io.datamirror.feed;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Makes sockets that take more from the system at a time than PostgreSQL's driver, which asks for 8
 * KiB. Named to that driver by its property {@code socketFactory}; hence public, and made without
 * arguments.
 */
public final class BufferedSockets extends SocketFactory {

  @Override
  public Socket createSocket() {
    return new Buffered();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return new Buffered(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return new Buffered(InetAddress.getByName(host), port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return new Buffered(host, port);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return new Buffered(address, port, localAddress, localPort);
  }

  private static final class Buffered extends Socket {
    private InputStream input;

    Buffered() {}

    Buffered(String host, int port) throws IOException {
      super(host, port);
    }

    Buffered(InetAddress address, int port) throws IOException {
      super(address, port);
    }

    Buffered(InetAddress address, int port, InetAddress localAddress, int localPort)
        throws IOException {
      super(address, port, localAddress, localPort);
    }

    /** Always the same stream: it may hold bytes that have come. */
    @Override
    public synchronized InputStream getInputStream() throws IOException {
      InputStream own = super.getInputStream();
      if (input == null) {
        input = new PatientInput(own);
      }
      return input;
    }
  }
}
