package io.datamirror.databricks;

import io.datamirror.databricks.Engine.PrimaryKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.StructField;

/** The statements by which the driver asks for catalogs, schemas, tables, columns and keys. */
final class Descriptions {

  private static final String NAME = "`((?:[^`]|``)+)`";
  private static final Pattern COLUMNS =
      Pattern.compile("SHOW COLUMNS IN CATALOG " + NAME + "(.*)");
  private static final Pattern TABLES = Pattern.compile("SHOW TABLES IN CATALOG " + NAME + "(.*)");
  private static final Pattern SCHEMAS = Pattern.compile("SHOW SCHEMAS IN " + NAME + "(.*)");
  private static final Pattern KEYS =
      Pattern.compile("SHOW KEYS IN CATALOG " + NAME + " IN SCHEMA " + NAME + " IN TABLE " + NAME);
  private static final Pattern FOREIGN_KEYS = Pattern.compile("SHOW FOREIGN KEYS IN .*");
  private static final Pattern LIKE =
      Pattern.compile(" (SCHEMA |TABLE )?LIKE '((?:[^'\\\\]|\\\\.)*)'");

  private static final List<String> COLUMN_COLUMNS =
      List.of(
          "catalogName",
          "namespace",
          "tableName",
          "col_name",
          "columnType",
          "remarks",
          "isNullable",
          "isAutoIncrement",
          "isGenerated");

  private final Engine engine;

  Descriptions(Engine engine) {
    this.engine = engine;
  }

  /** The answer to {@code sql}; empty if it is another kind of statement. */
  Optional<Answer> answer(String sql) {
    if (sql.equals("SHOW CATALOGS")) {
      Answer catalogs = Answer.of(List.of("catalog"));
      catalogs.add(DatabricksStandin.CATALOG);
      return Optional.of(catalogs);
    }
    Matcher columns = COLUMNS.matcher(sql);
    if (columns.matches()) {
      return Optional.of(columns(catalog(columns), columns.group(2)));
    }
    Matcher tables = TABLES.matcher(sql);
    if (tables.matches()) {
      return Optional.of(tables(catalog(tables), tables.group(2)));
    }
    Matcher schemas = SCHEMAS.matcher(sql);
    if (schemas.matches()) {
      return Optional.of(schemas(catalog(schemas), schemas.group(2)));
    }
    Matcher keys = KEYS.matcher(sql);
    if (keys.matches()) {
      return Optional.of(keys(catalog(keys), unquoted(keys.group(2)), unquoted(keys.group(3))));
    }
    return FOREIGN_KEYS.matcher(sql).matches()
        ? Optional.of(Answer.of(List.of("catalogName", "namespace", "tableName")))
        : Optional.empty();
  }

  private static String catalog(Matcher statement) {
    return unquoted(statement.group(1));
  }

  private static String unquoted(String name) {
    return name.replace("``", "`");
  }

  private Answer schemas(String catalog, String filters) {
    Answer answer = Answer.of(List.of("databaseName"));
    for (String schema : schemas(catalog)) {
      if (like(filters, null).matcher(schema).matches()) {
        answer.add(schema);
      }
    }
    return answer;
  }

  private List<String> schemas(String catalog) {
    return catalog.equals(DatabricksStandin.CATALOG) ? engine.schemas() : List.of();
  }

  private Answer tables(String catalog, String filters) {
    Answer answer =
        Answer.of(List.of("catalogName", "namespace", "tableName", "tableType", "remarks"));
    for (String[] table : matching(catalog, filters)) {
      answer.add(catalog, table[0], table[1], "TABLE", "");
    }
    return answer;
  }

  private List<String[]> matching(String catalog, String filters) {
    List<String[]> found = new ArrayList<>();
    for (String schema : schemas(catalog)) {
      if (like(filters, "SCHEMA ").matcher(schema).matches()) {
        for (String table : engine.tables(schema)) {
          if (like(filters, "TABLE ").matcher(table).matches()) {
            found.add(new String[] {schema, table});
          }
        }
      }
    }
    return found;
  }

  private Answer columns(String catalog, String filters) {
    Answer answer = Answer.of(COLUMN_COLUMNS);
    for (String[] table : matching(catalog, filters)) {
      for (StructField field : engine.columns(table[0], table[1])) {
        answer.add(
            catalog,
            table[0],
            table[1],
            field.name(),
            field.dataType().sql().toUpperCase(Locale.ROOT),
            "",
            field.nullable(),
            "NO",
            "NO");
      }
    }
    return answer;
  }

  private Answer keys(String catalog, String schema, String table) {
    List<Answer.Column> columns = new ArrayList<>();
    for (String name : List.of("catalogName", "namespace", "tableName", "col_name")) {
      columns.add(Answer.Column.text(name));
    }
    columns.add(Answer.Column.number("keySeq"));
    columns.add(Answer.Column.text("constraintName"));
    Answer answer = new Answer(columns, new ArrayList<>());
    Optional<PrimaryKey> key = engine.key(schema + "." + table);
    if (catalog.equals(DatabricksStandin.CATALOG) && key.isPresent()) {
      List<String> names = key.get().columns();
      // By name, as the service does not promise an order.
      for (String name : names.stream().sorted().toList()) {
        answer.add(catalog, schema, table, name, names.indexOf(name) + 1, key.get().name());
      }
    }
    return answer;
  }

  /** The pattern after a word; {@code *} is any text, {@code .} any character. */
  private static Pattern like(String filters, String word) {
    Matcher matcher = LIKE.matcher(filters);
    while (matcher.find()) {
      boolean same = word == null ? matcher.group(1) == null : word.equals(matcher.group(1));
      if (same) {
        return Pattern.compile(regex(matcher.group(2)));
      }
    }
    return Pattern.compile(".*");
  }

  private static String regex(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*') {
        regex.append(".*");
      } else if (c == '.') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c == '\\' ? pattern.charAt(++i) : c)));
      }
    }
    return regex.toString();
  }
}
