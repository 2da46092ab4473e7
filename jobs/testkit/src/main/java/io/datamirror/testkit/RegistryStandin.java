package io.datamirror.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A schema registry as far as readers ask one, which can be told to answer wrongly. */
public final class RegistryStandin implements AutoCloseable {

  /** What a registry, or what stands before it, may answer instead. */
  public enum Fault {
    NONE,
    SERVER_ERROR,
    TOO_MANY_REQUESTS,
    NO_SUCH_PAGE,
    A_PAGE_FOR_PEOPLE,
    JSON_OF_ANOTHER_KIND,
    BROKEN_OFF,
    SILENT
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Map<String, Object>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;
  private volatile String authorization;

  private RegistryStandin(HttpServer server) {
    this.server = server;
  }

  /** A registry without a schema. */
  public static RegistryStandin start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      RegistryStandin registry = new RegistryStandin(server);
      server.setExecutor(registry.threads);
      server.createContext("/", registry::answer);
      server.start();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on answers like this. */
  public void answerWith(Fault wanted) {
    fault = wanted;
  }

  /** From now on answers only those who send this header. */
  public void demand(String header) {
    authorization = header;
  }

  /** How many questions came. */
  public int questions() {
    return questions.get();
  }

  /** Keeps a schema of Avro under an id. */
  public void put(int id, String schema) {
    answers.put("/schemas/ids/" + id, Map.of("schema", schema));
  }

  /** Keeps a schema of another kind under an id. */
  public void put(int id, String schema, String kind) {
    answers.put("/schemas/ids/" + id, Map.of("schema", schema, "schemaType", kind));
  }

  /** Keeps a schema that refers to the first version of a subject. */
  public void putReferring(int id, String schema, String subject) {
    List<Map<String, Object>> references =
        List.of(Map.of("name", "referred", "subject", subject, "version", 1));
    answers.put("/schemas/ids/" + id, Map.of("schema", schema, "references", references));
  }

  /** Keeps the first version of a subject. */
  public void putSubject(String subject, String schema) {
    answers.put("/subjects/" + subject + "/versions/1", Map.of("schema", schema));
  }

  /** A message as the writers of a registry make them. */
  public static byte[] message(int id, Schema schema, Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new DataOutputStream(bytes).write(0);
      new DataOutputStream(bytes).writeInt(id);
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void answer(HttpExchange exchange) throws IOException {
    questions.incrementAndGet();
    String asked = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null && !authorization.equals(asked)) {
      send(exchange, 401, error(401, "who are you"));
      return;
    }
    switch (fault) {
      case NONE -> answerRightly(exchange);
      case SERVER_ERROR -> send(exchange, 500, error(50001, "the store is away"));
      case TOO_MANY_REQUESTS -> send(exchange, 429, error(42900, "slow down"));
      case NO_SUCH_PAGE -> send(exchange, 404, error(404, "HTTP 404 Not Found"));
      case A_PAGE_FOR_PEOPLE -> send(exchange, 200, "<html>Welcome</html>");
      case JSON_OF_ANOTHER_KIND -> send(exchange, 200, "{\"schema\": {\"type\": \"string\"}}");
      case BROKEN_OFF -> breakOff(exchange);
      case SILENT -> waitForTheEnd();
    }
  }

  private void answerRightly(HttpExchange exchange) throws IOException {
    Map<String, Object> found = answers.get(exchange.getRequestURI().getPath());
    if (found == null) {
      send(exchange, 404, error(40403, "Schema not found"));
    } else {
      send(exchange, 200, JSON.writeValueAsString(found));
    }
  }

  private static String error(int code, String message) throws IOException {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("error_code", code);
    error.put("message", message);
    return JSON.writeValueAsString(error);
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void breakOff(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    throw new IOException("the connection is cut");
  }

  private void waitForTheEnd() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
