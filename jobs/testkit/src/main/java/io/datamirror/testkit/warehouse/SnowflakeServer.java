package io.datamirror.testkit.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * Speaks Snowflake's protocol to its own driver, and keeps its rules, see {@link SnowflakeSql}.
 * Database {@code DB}, schema {@code SCH}. Fails where it is told to.
 */
public final class SnowflakeServer implements AutoCloseable {

  /** What goes wrong once. */
  public enum Fault {
    /** The connection is cut instead of an answer. */
    CUT,
    /** The server is too busy, by HTTP status 503. */
    BUSY,
    /** The session's token is no longer good, and cannot be renewed. */
    EXPIRED,
    /** The statement runs into its timeout. */
    TIMEOUT,
    /** The statement is refused with an error of the test's choice. */
    REFUSED
  }

  /**
   * @param error what is answered; null when the fault says it all
   */
  private record Planned(Predicate<String> statement, Fault fault, SnowflakeError error) {}

  static {
    // Header and body are written one after the other: the second would wait for an answer to the
    // first, some 40 ms with every request.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INLINE_ROWS = 100;
  private static final int FIRST_CHUNK_ROWS = 200;
  private static final int MOST_CHUNK_ROWS = 10_000;
  private static final String CHUNK = "a chunk";

  private final VersionedTables tables;
  private final SnowflakeSql sql;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, String> sessions = new ConcurrentHashMap<>();
  private final Map<String, byte[]> chunks = new ConcurrentHashMap<>();
  private final Deque<Planned> planned = new ArrayDeque<>();
  private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
  private final List<String> unknown = Collections.synchronizedList(new ArrayList<>());
  private final List<JsonNode> logins = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong ids = new AtomicLong();

  /**
   * @param clock the server's clock in epoch milliseconds
   */
  public SnowflakeServer(LongSupplier clock) throws IOException, SQLException {
    tables = new VersionedTables(clock);
    sql = new SnowflakeSql(tables);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public VersionedTables tables() {
    return tables;
  }

  public String url() {
    return "jdbc:snowflake://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** What the driver needs to talk to this server and to no other. */
  public static Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("account", "test");
    properties.put("ssl", "off");
    properties.put("db", "DB");
    properties.put("schema", "SCH");
    properties.put("JDBC_QUERY_RESULT_FORMAT", "JSON");
    properties.put("disablePlatformDetection", "true");
    return properties;
  }

  /** The next statement that matches, or the next chunk of a result, fails. */
  public void fail(Predicate<String> statement, Fault fault) {
    synchronized (planned) {
      planned.add(new Planned(statement, fault, null));
    }
  }

  /** The next statement that reads changes is refused with an error. */
  public void refuseChanges(String code, String state, String message) {
    refuse(sql -> sql.contains("CHANGES"), code, state, message);
  }

  /** The next statement that matches is refused with an error. */
  public void refuse(Predicate<String> statement, String code, String state, String message) {
    synchronized (planned) {
      SnowflakeError error = new SnowflakeError(code, state, message);
      planned.add(new Planned(statement, Fault.REFUSED, error));
    }
  }

  /** The next fetch of a later part of a result fails. */
  public void failChunk(Fault fault) {
    fail(CHUNK::equals, fault);
  }

  /** Whether every fault that was planned has happened. */
  public boolean allFailed() {
    synchronized (planned) {
      return planned.isEmpty();
    }
  }

  /** Every statement that was asked so far. */
  public List<String> statements() {
    return List.copyOf(statements);
  }

  /** What was asked for and is not known here. */
  public List<String> unknown() {
    return List.copyOf(unknown);
  }

  /** How sessions were begun. */
  public List<JsonNode> logins() {
    return List.copyOf(logins);
  }

  private Planned fault(String statement) {
    synchronized (planned) {
      Planned next = planned.peek();
      if (next == null || !next.statement().test(statement)) {
        return null;
      }
      planned.remove();
      return next;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/session/v1/login-request")) {
        answer(exchange, login(body(exchange)));
      } else if (path.equals("/queries/v1/query-request")) {
        query(exchange);
      } else if (path.startsWith("/chunks/")) {
        chunk(exchange, path);
      } else if (path.equals("/session/token-request")) {
        answer(exchange, failure("390115", "08001", "the master token is no longer good"));
      } else {
        if (!path.startsWith("/session")
            && !path.startsWith("/telemetry")
            && !path.contains("abort")) {
          unknown.add(path);
        }
        body(exchange);
        answer(exchange, success(null));
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    byte[] bytes = (zipped ? new GZIPInputStream(body) : body).readAllBytes();
    return JSON.readTree(bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes);
  }

  private Map<String, Object> login(JsonNode body) {
    logins.add(body.path("data"));
    if (body.path("data").path("PASSWORD").asText().equals("wrong")) {
      return failure("390100", "08001", "Incorrect username or password was specified.");
    }
    String token = UUID.randomUUID().toString();
    sessions.put(token, "");
    Map<String, Object> data = new HashMap<>();
    data.put("token", token);
    data.put("masterToken", "master-" + token);
    data.put("validityInSeconds", 3600);
    data.put("masterValidityInSeconds", 14400);
    data.put("sessionId", ids.incrementAndGet());
    data.put("serverVersion", "8.0.0");
    data.put("parameters", parameters());
    data.put(
        "sessionInfo",
        Map.of("databaseName", "DB", "schemaName", "SCH", "warehouseName", "WH", "roleName", "R"));
    return success(data);
  }

  private static List<Map<String, Object>> parameters() {
    return List.of(
        Map.of("name", "AUTOCOMMIT", "value", true),
        Map.of("name", "TIMEZONE", "value", "UTC"),
        Map.of("name", "CLIENT_TELEMETRY_ENABLED", "value", false),
        Map.of("name", "CLIENT_PREFETCH_THREADS", "value", 1),
        Map.of("name", "CLIENT_MEMORY_LIMIT", "value", 1536),
        Map.of("name", "CLIENT_RESULT_CHUNK_SIZE", "value", 16));
  }

  private void query(HttpExchange exchange) throws IOException, SQLException {
    JsonNode body = body(exchange);
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    String token = header == null ? "" : header.replaceAll(".*Token=\"(.*)\"", "$1");
    if (!sessions.containsKey(token)) {
      answer(exchange, failure("390114", "08001", "Authentication token has expired."));
      return;
    }
    String text = body.path("sqlText").asText();
    statements.add(text);
    Planned fault = fault(text);
    if (fault != null) {
      fail(exchange, fault, token);
      return;
    }
    Map<String, String> bindings = new HashMap<>();
    body.path("bindings")
        .properties()
        .forEach(
            binding ->
                bindings.put(binding.getKey(), binding.getValue().path("value").textValue()));
    try {
      answer(exchange, success(data(sql.run(text, SnowflakeSql.ordered(bindings)))));
    } catch (SnowflakeError e) {
      answer(exchange, failure(e.code(), e.state(), e.getMessage()));
    }
  }

  private void fail(HttpExchange exchange, Planned planned, String token) throws IOException {
    switch (planned.fault()) {
      case REFUSED -> {
        SnowflakeError error = planned.error();
        answer(exchange, failure(error.code(), error.state(), error.getMessage()));
      }
      case CUT -> {}
      case BUSY -> exchange.sendResponseHeaders(503, -1);
      case EXPIRED -> {
        sessions.remove(token);
        answer(exchange, failure("390114", "08001", "Authentication token has expired."));
      }
      case TIMEOUT ->
          answer(
              exchange,
              failure(
                  "000630",
                  "57014",
                  "Statement reached its statement or warehouse timeout of 10 second(s) and was"
                      + " canceled."));
    }
  }

  private Map<String, Object> data(SnowflakeResult result) {
    List<List<String>> rows = result.rows();
    int inline = Math.min(INLINE_ROWS, rows.size());
    Map<String, Object> data = new HashMap<>();
    data.put("parameters", parameters());
    data.put("rowtype", result.columns());
    data.put("rowset", rows.subList(0, inline));
    data.put("total", rows.size());
    data.put("returned", rows.size());
    data.put("queryId", UUID.randomUUID().toString());
    data.put("statementTypeId", 4096);
    data.put("version", 1);
    data.put("queryResultFormat", "json");
    data.put("finalDatabaseName", "DB");
    data.put("finalSchemaName", "SCH");
    data.put("finalWarehouseName", "WH");
    data.put("finalRoleName", "R");
    if (inline < rows.size()) {
      data.put("chunkHeaders", Map.of());
      data.put("chunks", later(rows.subList(inline, rows.size())));
    }
    return data;
  }

  private List<Map<String, Object>> later(List<List<String>> rows) {
    List<Map<String, Object>> parts = new ArrayList<>();
    int size = FIRST_CHUNK_ROWS;
    int start = 0;
    while (start < rows.size()) {
      List<List<String>> part = rows.subList(start, Math.min(rows.size(), start + size));
      start += part.size();
      size = Math.min(MOST_CHUNK_ROWS, 2 * size);
      String json = json(part);
      byte[] bytes = json.substring(1, json.length() - 1).getBytes(StandardCharsets.UTF_8);
      String path = "/chunks/" + ids.incrementAndGet();
      chunks.put(path, bytes);
      parts.add(
          Map.of(
              "url",
              "http://127.0.0.1:" + server.getAddress().getPort() + path,
              "rowCount",
              part.size(),
              "uncompressedSize",
              bytes.length,
              "compressedSize",
              bytes.length));
    }
    return parts;
  }

  private void chunk(HttpExchange exchange, String path) throws IOException {
    Planned fault = fault(CHUNK);
    byte[] bytes = chunks.get(path);
    if (fault != null && fault.fault() == Fault.CUT) {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
      exchange.getResponseBody().flush();
      return;
    }
    if (fault != null) {
      exchange.sendResponseHeaders(503, -1);
      return;
    }
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    chunks.remove(path);
  }

  private static Map<String, Object> success(Object data) {
    Map<String, Object> answer = new HashMap<>();
    answer.put("success", true);
    answer.put("code", null);
    answer.put("message", null);
    answer.put("data", data);
    return answer;
  }

  private static Map<String, Object> failure(String code, String state, String message) {
    Map<String, Object> answer = new HashMap<>();
    answer.put("success", false);
    answer.put("code", code);
    answer.put("message", message);
    answer.put(
        "data",
        Map.of("errorCode", code, "sqlState", state, "queryId", UUID.randomUUID().toString()));
    return answer;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange, Map<String, Object> answer) throws IOException {
    byte[] bytes = json(answer).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() throws SQLException {
    server.stop(0);
    threads.shutdownNow();
    tables.close();
  }
}
