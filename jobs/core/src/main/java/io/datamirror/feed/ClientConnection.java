package io.datamirror.feed;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.Executor;

/**
 * Presents the client of a source that is no database, a message broker or a file system, as the
 * connection that a {@link Feed} is given.
 *
 * <p>Feeds speak JDBC, and so do the schedule, the retries and the verbs around them: opening,
 * keeping, checking and cutting a connection is the same for every source. What is particular, the
 * feed takes out by {@link Connection#unwrap}. Everything that is SQL is refused.
 */
public final class ClientConnection implements InvocationHandler {

  private final Client client;
  private boolean closed;

  /** A client that can stand for a connection. */
  public interface Client {

    /** Whether the source still answers. */
    boolean valid();

    /** Ends whatever runs, from another thread, without waiting for it. */
    void abort();

    /** Lets go of everything. */
    void close();
  }

  private ClientConnection(Client client) {
    this.client = client;
  }

  /** A connection around {@code client}, which goes with it. */
  public static Connection around(Client client) {
    return (Connection)
        Proxy.newProxyInstance(
            ClientConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new ClientConnection(client));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws SQLException {
    return switch (method.getName()) {
      case "unwrap" -> unwrap((Class<?>) arguments[0]);
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(client);
      case "isValid" -> !closed && client.valid();
      case "isClosed" -> closed;
      case "close" -> close();
      case "abort" -> abort((Executor) arguments[0]);
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "connection of " + client.getClass().getSimpleName();
      default -> throw new SQLFeatureNotSupportedException(method.getName());
    };
  }

  private Object unwrap(Class<?> type) throws SQLException {
    if (!type.isInstance(client)) {
      throw new SQLException("this connection is of another source");
    }
    return client;
  }

  private Void close() {
    if (!closed) {
      closed = true;
      client.close();
    }
    return null;
  }

  private Void abort(Executor executor) {
    executor.execute(client::abort);
    return null;
  }
}
