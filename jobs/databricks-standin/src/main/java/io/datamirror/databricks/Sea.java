package io.datamirror.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Statement Execution API, as far as the driver speaks it, with results inside the answers. */
final class Sea {

  static final String WAREHOUSE = "standin";

  private static final Pattern CHUNK =
      Pattern.compile(".*/statements/([^/]+)/result/chunks/(\\d+)");
  private static final Pattern SESSIONS = Pattern.compile(".*/sql/(warehouses/[^/]+/)?sessions/?");

  private final Engine engine;
  private final Descriptions descriptions;
  private final Rules rules;
  private final Faults faults;
  private final Tokens tokens;
  private final Map<String, Answer> open = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private volatile int chunkRows = 1_000;

  Sea(Engine engine, Faults faults) {
    this.engine = engine;
    this.descriptions = new Descriptions(engine);
    this.rules = new Rules(engine);
    this.faults = faults;
    this.tokens = new Tokens(faults);
  }

  void chunkRows(int rows) {
    chunkRows = rows;
  }

  /** The statements since the last call. */
  List<String> asked() {
    synchronized (asked) {
      List<String> since = List.copyOf(asked);
      asked.clear();
      return since;
    }
  }

  void answer(HttpExchange exchange) throws IOException {
    if (!tokens.accept(exchange)) {
      return;
    }
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    Matcher chunk = CHUNK.matcher(path);
    if (method.equals("POST") && SESSIONS.matcher(path).matches()) {
      ObjectNode session = Http.object().put("session_id", UUID.randomUUID().toString());
      Http.send(exchange, 200, session.put("warehouse_id", WAREHOUSE));
    } else if (method.equals("POST") && path.endsWith("/statements/")) {
      statement(exchange, Http.JSON.readTree(Http.body(exchange)));
    } else if (method.equals("GET") && chunk.matches()) {
      chunk(exchange, chunk.group(1), Integer.parseInt(chunk.group(2)));
    } else if (method.equals("DELETE") || path.endsWith("/cancel")) {
      open.remove(path.replaceAll("/cancel$", "").replaceAll(".*/", ""));
      Http.send(exchange, 200, Http.object());
    } else {
      Http.send(exchange, 404, Http.error("ENDPOINT_NOT_FOUND", method + " " + path));
    }
  }

  private void statement(HttpExchange exchange, JsonNode request) throws IOException {
    if (faults.due(Fault.DROPPED_STATEMENT)) {
      exchange.close();
    } else if (faults.due(Fault.THROTTLED)) {
      refuse(exchange, 429, "REQUEST_LIMIT_EXCEEDED");
    } else if (faults.due(Fault.UNAVAILABLE)) {
      refuse(exchange, 503, "TEMPORARILY_UNAVAILABLE");
    } else {
      String sql = request.path("statement").asText().trim();
      synchronized (asked) {
        asked.add(sql);
      }
      Http.send(exchange, 200, run(sql, request.path("parameters")));
    }
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("Retry-After", "1");
    Http.send(exchange, status, Http.error(code, "try again"));
  }

  private ObjectNode run(String sql, JsonNode parameters) {
    String id = UUID.randomUUID().toString();
    ObjectNode response = Http.object().put("statement_id", id);
    try {
      Answer answer = result(Parameters.bind(sql, parameters));
      open.put(id, answer);
      response.putObject("status").put("state", "SUCCEEDED");
      response.set("manifest", manifest(answer));
      response.set("result", portion(id, answer, 0));
    } catch (StatementError e) {
      ObjectNode status = response.putObject("status").put("state", "FAILED");
      status.put("sql_state", e.sqlState());
      status.putObject("error").put("error_code", "BAD_REQUEST").put("message", e.getMessage());
    }
    return response;
  }

  private Answer result(String sql) {
    if (Rules.readsChanges(sql) && faults.due(Fault.FAILED_CHANGES)) {
      throw faults.error();
    }
    rules.check(sql);
    return descriptions.answer(sql).orElseGet(() -> engine.run(sql));
  }

  private ObjectNode manifest(Answer answer) {
    ObjectNode manifest = Http.object().put("format", "JSON_ARRAY").put("truncated", false);
    ObjectNode schema = manifest.putObject("schema");
    schema.put("column_count", answer.columns().size());
    ArrayNode columns = schema.putArray("columns");
    for (Answer.Column column : answer.columns()) {
      ObjectNode node = columns.addObject().put("name", column.name());
      node.put("position", columns.size() - 1);
      node.put("type_name", column.typeName()).put("type_text", column.typeText());
      if (column.precision() > 0) {
        node.put("type_precision", column.precision()).put("type_scale", column.scale());
      }
    }
    int chunks = chunks(answer);
    manifest.put("total_row_count", answer.rows().size()).put("total_chunk_count", chunks);
    ArrayNode list = manifest.putArray("chunks");
    for (int i = 0; i < chunks; i++) {
      int offset = i * chunkRows;
      list.addObject()
          .put("chunk_index", i)
          .put("row_offset", offset)
          .put("row_count", Math.min(chunkRows, answer.rows().size() - offset));
    }
    return manifest;
  }

  private int chunks(Answer answer) {
    return (answer.rows().size() + chunkRows - 1) / chunkRows;
  }

  private ObjectNode portion(String id, Answer answer, int index) {
    int offset = index * chunkRows;
    int end = Math.min(answer.rows().size(), offset + chunkRows);
    ObjectNode result = Http.object().put("chunk_index", index).put("row_offset", offset);
    result.put("row_count", end - offset);
    if (end < answer.rows().size()) {
      int next = index + 1;
      result.put("next_chunk_index", next);
      result.put(
          "next_chunk_internal_link", "/api/2.0/sql/statements/" + id + "/result/chunks/" + next);
    }
    ArrayNode rows = result.putArray("data_array");
    for (List<String> row : answer.rows().subList(offset, end)) {
      ArrayNode cells = rows.addArray();
      row.forEach(cells::add);
    }
    return result;
  }

  private void chunk(HttpExchange exchange, String id, int index) throws IOException {
    Answer answer = open.get(id);
    if (faults.due(Fault.DROPPED_CHUNK)) {
      exchange.close();
    } else if (answer == null) {
      Http.send(exchange, 404, Http.error("NOT_FOUND", "no such statement"));
    } else {
      Http.send(exchange, 200, portion(id, answer, index));
    }
  }
}
