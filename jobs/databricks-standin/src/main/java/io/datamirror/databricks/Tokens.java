package io.datamirror.databricks;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** Who may ask: whoever has the token, until a test lets it expire. */
final class Tokens {

  private static final String BEARER = "Bearer ";

  private final Faults faults;

  Tokens(Faults faults) {
    this.faults = faults;
  }

  /** Whether the request may go on; if not, it has been answered. */
  boolean accept(HttpExchange exchange) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    boolean known = (BEARER + DatabricksStandin.TOKEN).equals(header);
    if (known && !faults.due(Fault.EXPIRED_TOKEN)) {
      return true;
    }
    Http.send(exchange, 403, Http.error("PERMISSION_DENIED", "Invalid access token."));
    return false;
  }
}
