package io.datamirror.databricks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: an HTTP server on a free port of the loopback interface. */
final class Warehouse {

  private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);

  private Warehouse() {}

  public static void main(String[] arguments) throws IOException {
    Engine engine = new Engine(Path.of(arguments[0]));
    Faults faults = new Faults();
    Sea sea = new Sea(engine, faults);
    Control control = new Control(engine, sea, faults);

    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/api/2.0/sql/", caught(sea::answer));
    server.createContext("/control/", caught(control::answer));
    // What the driver asks before it speaks; empty answers tell it that there is nothing special.
    server.createContext("/", caught(exchange -> Http.send(exchange, 200, Http.object())));
    server.start();
    // The first statements are slow: before the test waits for them.
    engine.run("SELECT 1");
    System.out.println(DatabricksStandin.READY + server.getAddress().getPort());
    waitForTheEndOf(System.in);
    System.exit(0);
  }

  private static HttpHandler caught(HttpHandler handler) {
    return exchange -> {
      try {
        handler.handle(exchange);
      } catch (IOException | RuntimeException e) {
        LOG.error("{} {}", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        failed(exchange, e);
      }
    };
  }

  private static void failed(HttpExchange exchange, Exception e) throws IOException {
    Http.send(exchange, 500, Http.error("INTERNAL_ERROR", e.toString()));
  }

  /** The test's process holds the other end, whatever becomes of it. */
  private static void waitForTheEndOf(InputStream parent) throws IOException {
    while (parent.read() >= 0) {
      LOG.debug("nothing is said this way");
    }
  }
}
