package io.datamirror.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeldConnectionTest {

  private final CountDownLatch aborted = new CountDownLatch(1);

  /** A driver that says goodbye to a server which does not answer, until it is cut off. */
  private Connection silent() {
    return (Connection)
        Proxy.newProxyInstance(
            HeldConnectionTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "close" -> aborted.await();
                case "abort" -> aborted.countDown();
                default -> throw new SQLException("not asked for: " + method.getName());
              }
              return null;
            });
  }

  @Test
  void a_connection_that_does_not_close_is_cut() throws Exception {
    HeldConnection held = new HeldConnection(this::silent);
    held.get();
    long startNanos = System.nanoTime();

    held.close();

    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(5));
    assertThat(aborted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void an_interrupted_thread_does_not_wait_and_stays_interrupted() throws Exception {
    HeldConnection held = new HeldConnection(this::silent);
    held.get();

    Thread.currentThread().interrupt();
    held.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(aborted.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
