package io.datamirror.lake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.LoadTableResponse;
import org.apache.iceberg.shaded.com.fasterxml.jackson.annotation.JsonAutoDetect;
import org.apache.iceberg.shaded.com.fasterxml.jackson.annotation.PropertyAccessor;
import org.apache.iceberg.shaded.com.fasterxml.jackson.databind.DeserializationFeature;
import org.apache.iceberg.shaded.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.iceberg.shaded.com.fasterxml.jackson.databind.PropertyNamingStrategies;

/**
 * A server of Iceberg's REST protocol on this machine, over a catalog on SQLite, with the faults
 * that we fear. It does with a commit what the protocol says: it looks at the requirements that
 * came with it, and applies it to whatever the table is by then.
 */
public final class RestCatalogServer implements AutoCloseable {

  /** What every request has to carry, until the server takes another one. */
  public static final String TOKEN = "t0ken-Zp4WqLx8Rb2NvKd7";

  /** The property of the files of a table that says what they are read and written with. */
  public static final String CREDENTIAL = "credential-of-files";

  private static final String ROOT = "/v1/";
  private static final String NAMESPACES = "namespaces";
  private static final String TABLES = "tables";
  private static final ObjectMapper JSON = mapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final JdbcCatalog catalog;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> before = new ConcurrentLinkedQueue<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final Map<TableIdentifier, Answer> stale = new ConcurrentHashMap<>();
  private final AtomicBoolean creates = new AtomicBoolean(true);
  private final AtomicReference<String> token = new AtomicReference<>(TOKEN);
  private final AtomicInteger credential = new AtomicInteger();

  /** What becomes of a commit. */
  public enum Fault {
    /** It is applied, and the answer says so. */
    NONE,
    /** It is not applied, and the answer says so. */
    REFUSED,
    /** It is applied, and the answer says that it was not. */
    REFUSED_APPLIED,
    /** The same, and who looks next sees the table as it was before. */
    REFUSED_STALE,
    /** It is applied, and a proxy says that the server did not answer. */
    LOST,
    /** It is applied, and the connection ends without an answer. */
    CUT,
    /** It is not applied, and the server says that it cannot serve now. */
    UNAVAILABLE
  }

  private record Answer(int status, String body) {}

  /** Somebody asked without the token. */
  private static final class NotAllowed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param directory where the catalog and the files of its tables are
   */
  public RestCatalogServer(Path directory) throws IOException {
    catalog =
        (JdbcCatalog)
            CatalogUtil.buildIcebergCatalog(
                "behind",
                new LinkedHashMap<>(
                    Map.of(
                        "type",
                        "jdbc",
                        "uri",
                        "jdbc:sqlite:" + directory.resolve("behind.db"),
                        "jdbc.schema-version",
                        "V1",
                        "warehouse",
                        "file://" + directory.resolve("warehouse"))),
                new Configuration());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KebabCaseStrategy.INSTANCE);
    RESTSerializers.registerAll(mapper);
    return mapper;
  }

  public String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The lake of a spec. */
  public LakeSpec lake() {
    Map<String, SecretText> properties = new LinkedHashMap<>();
    properties.put("type", SecretText.of("rest"));
    properties.put("uri", SecretText.of(uri()));
    properties.put("token", SecretText.of(TOKEN));
    return new LakeSpec(properties, "mirrored");
  }

  /** What becomes of the next commits, in their order. */
  public void next(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** From now on every request has to carry this token, and no other one. */
  public void takeOnly(String other) {
    token.set(other);
  }

  /** From now on nobody may create a table, be there one of its name or not. */
  public void forbidCreating() {
    creates.set(false);
  }

  /** From now on tables that are loaded come with this {@link #CREDENTIAL} for their files. */
  public void lend(int number) {
    credential.set(number);
  }

  /** Runs once, when the next commit has arrived and nobody has looked at it yet. */
  public void beforeNextCommit(Runnable action) {
    before.add(action);
  }

  /** Requests that the server did not know, or that came without the token. */
  public List<String> refused() {
    return refused;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    Answer answer;
    try {
      answer = answer(exchange);
    } catch (RuntimeException e) {
      answer = failure(request, e);
    }
    if (answer == null) {
      exchange.close();
      return;
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private Answer failure(String request, RuntimeException failure) throws IOException {
    if (failure instanceof NotAllowed || failure instanceof UnsupportedOperationException) {
      refused.add(request);
    }
    int status = status(failure);
    ErrorResponse error =
        ErrorResponse.builder()
            .responseCode(status)
            .withType(failure.getClass().getSimpleName())
            .withMessage(String.valueOf(failure.getMessage()))
            .build();
    return new Answer(status, JSON.writeValueAsString(error));
  }

  private static int status(RuntimeException failure) {
    if (failure instanceof NotAllowed) {
      return 401;
    }
    if (failure instanceof ForbiddenException) {
      return 403;
    }
    if (failure instanceof NoSuchTableException || failure instanceof NoSuchNamespaceException) {
      return 404;
    }
    if (failure instanceof CommitFailedException || failure instanceof AlreadyExistsException) {
      return 409;
    }
    return failure instanceof IllegalArgumentException ? 400 : 500;
  }

  /** Null for none at all. */
  private Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    if (!path.startsWith(ROOT)) {
      throw new UnsupportedOperationException(path);
    }
    if (!("Bearer " + token.get()).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      throw new NotAllowed();
    }
    Queue<String> parts =
        new ArrayDeque<>(Stream.of(path.substring(ROOT.length()).split("/")).toList());
    String method = exchange.getRequestMethod();
    byte[] body = exchange.getRequestBody().readAllBytes();
    String first = parts.remove();
    if (first.equals("config")) {
      return said(ConfigResponse.builder().build());
    }
    if (!first.equals(NAMESPACES)) {
      throw new UnsupportedOperationException(path);
    }
    if (parts.isEmpty()) {
      return namespaces(method, body);
    }
    Namespace namespace = RESTUtil.decodeNamespace(parts.remove());
    if (parts.isEmpty()) {
      return namespace(method, namespace);
    }
    if (!parts.remove().equals(TABLES)) {
      throw new UnsupportedOperationException(path);
    }
    if (parts.isEmpty()) {
      return tables(method, namespace, body);
    }
    TableIdentifier table = TableIdentifier.of(namespace, RESTUtil.decodeString(parts.remove()));
    // What is left is a report of how a scan went.
    return parts.isEmpty() ? table(method, table, body) : new Answer(204, "");
  }

  private static Answer said(Object response) throws IOException {
    return new Answer(200, JSON.writeValueAsString(response));
  }

  private Answer namespaces(String method, byte[] body) throws IOException {
    return switch (method) {
      case "GET" -> said(CatalogHandlers.listNamespaces(catalog, Namespace.empty()));
      case "POST" ->
          said(
              CatalogHandlers.createNamespace(
                  catalog, JSON.readValue(body, CreateNamespaceRequest.class)));
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private Answer namespace(String method, Namespace namespace) throws IOException {
    return switch (method) {
      case "GET" -> said(CatalogHandlers.loadNamespace(catalog, namespace));
      case "HEAD" -> {
        CatalogHandlers.namespaceExists(catalog, namespace);
        yield new Answer(204, "");
      }
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private Answer tables(String method, Namespace namespace, byte[] body) throws IOException {
    return switch (method) {
      case "GET" -> said(CatalogHandlers.listTables(catalog, namespace));
      case "POST" -> {
        if (!creates.get()) {
          throw new ForbiddenException("made up");
        }
        CreateTableRequest request = JSON.readValue(body, CreateTableRequest.class);
        yield said(
            request.stageCreate()
                ? CatalogHandlers.stageTableCreate(catalog, namespace, request)
                : CatalogHandlers.createTable(catalog, namespace, request));
      }
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private Answer table(String method, TableIdentifier table, byte[] body) throws IOException {
    return switch (method) {
      case "GET" -> {
        Answer old = stale.remove(table);
        yield old == null ? said(lent(CatalogHandlers.loadTable(catalog, table))) : old;
      }
      case "HEAD" -> {
        CatalogHandlers.tableExists(catalog, table);
        yield new Answer(204, "");
      }
      case "POST" -> commit(table, JSON.readValue(body, UpdateTableRequest.class));
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private LoadTableResponse lent(LoadTableResponse table) {
    return credential.get() == 0
        ? table
        : LoadTableResponse.builder()
            .withTableMetadata(table.tableMetadata())
            .addAllConfig(table.config())
            .addConfig(CREDENTIAL, credential.toString())
            .build();
  }

  private Answer commit(TableIdentifier table, UpdateTableRequest request) throws IOException {
    Runnable action = before.poll();
    if (action != null) {
      action.run();
    }
    Fault fault = faults.poll();
    return switch (fault == null ? Fault.NONE : fault) {
      case NONE -> said(CatalogHandlers.updateTable(catalog, table, request));
      case REFUSED -> throw new CommitFailedException("made up");
      case REFUSED_APPLIED -> {
        CatalogHandlers.updateTable(catalog, table, request);
        throw new CommitFailedException("made up");
      }
      case REFUSED_STALE -> {
        stale.put(table, said(CatalogHandlers.loadTable(catalog, table)));
        CatalogHandlers.updateTable(catalog, table, request);
        throw new CommitFailedException("made up");
      }
      case LOST -> {
        CatalogHandlers.updateTable(catalog, table, request);
        yield new Answer(504, "");
      }
      case CUT -> {
        CatalogHandlers.updateTable(catalog, table, request);
        yield null;
      }
      case UNAVAILABLE -> new Answer(503, "");
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    catalog.close();
  }
}
