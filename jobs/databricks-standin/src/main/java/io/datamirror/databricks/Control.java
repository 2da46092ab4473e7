package io.datamirror.databricks;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What tests tell the warehouse behind the driver's back. */
final class Control {

  private final Engine engine;
  private final Sea sea;
  private final Faults faults;

  Control(Engine engine, Sea sea, Faults faults) {
    this.engine = engine;
    this.sea = sea;
    this.faults = faults;
  }

  void answer(HttpExchange exchange) throws IOException {
    String body = Http.body(exchange);
    Map<String, String> query = Http.query(exchange);
    try {
      Http.send(exchange, 200, done(exchange.getRequestURI().getPath(), query, body));
    } catch (StatementError | IllegalArgumentException e) {
      Http.send(exchange, 400, e.getMessage());
    }
  }

  private String done(String path, Map<String, String> query, String body) {
    switch (path) {
      case "/control/sql":
        return run(body);
      case "/control/asked":
        return String.join(String.valueOf(DatabricksStandin.SEPARATOR), sea.asked());
      case "/control/chunk-rows":
        sea.chunkRows(Integer.parseInt(query.get("rows")));
        return "";
      case "/control/fault":
        StatementError error = body.isEmpty() ? null : new StatementError(query.get("state"), body);
        int times = Integer.parseInt(query.get("times"));
        faults.plan(Fault.valueOf(query.get("kind")), times, error);
        return "";
      default:
        throw new IllegalArgumentException("no such thing: " + path);
    }
  }

  private String run(String statements) {
    Answer last = Answer.of(List.of());
    for (String sql : statements.split(String.valueOf(DatabricksStandin.SEPARATOR), -1)) {
      try {
        last = engine.run(sql);
      } catch (StatementError e) {
        throw new StatementError(e.sqlState(), sql + ": " + e.getMessage());
      }
    }
    return last.rows().stream()
        .map(row -> row.stream().map(Control::cell).collect(Collectors.joining("\t")))
        .collect(Collectors.joining("\n"));
  }

  private static String cell(String value) {
    return value == null ? "NULL" : value;
  }
}
