package io.datamirror.databricks;

import com.fasterxml.jackson.databind.JsonNode;

/** Puts the values of a prepared statement into its text, as literals of their types. */
final class Parameters {

  private Parameters() {}

  static String bind(String sql, JsonNode parameters) {
    StringBuilder bound = new StringBuilder();
    int next = 0;
    char quote = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (quote != 0) {
        if (c == '\\' && quote == '\'') {
          bound.append(c);
          c = sql.charAt(++i);
        } else if (c == quote) {
          quote = 0;
        }
        bound.append(c);
      } else if (c == '?') {
        if (next >= parameters.size()) {
          throw new StatementError("42P02", "[UNBOUND_SQL_PARAMETER] a parameter has no value");
        }
        bound.append(literal(parameters.get(next++)));
      } else {
        quote = c == '\'' || c == '`' || c == '"' ? c : 0;
        bound.append(c);
      }
    }
    return bound.toString();
  }

  private static String literal(JsonNode parameter) {
    if (!parameter.hasNonNull("value")) {
      return "NULL";
    }
    String text = parameter.get("value").asText().replace("\\", "\\\\").replace("'", "\\'");
    return "CAST('" + text + "' AS " + type(parameter.path("type").asText()) + ")";
  }

  private static String type(String type) {
    return switch (type) {
      case "LONG" -> "BIGINT";
      case "SHORT" -> "SMALLINT";
      case "BYTE" -> "TINYINT";
      default -> type;
    };
  }
}
