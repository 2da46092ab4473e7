package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.feed.Reading.Getter;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.SqlText;
import java.sql.Types;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the types of Databricks become, and the form in which their values are asked for.
 *
 * <p>Times travel as text: the driver gives them in the zone of this process, some without their
 * offset. Nested values travel as JSON, with every field of a struct, null or not.
 */
final class DatabricksTypes {

  private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d{1,2}),(\\d{1,2})\\)");

  private DatabricksTypes() {}

  /**
   * Whether a line of {@code DESCRIBE TABLE} is about a column. What follows the columns, the
   * partitions for example, begins with an empty line or a heading; but a column may be called like
   * a heading, and then it has a type.
   */
  static boolean describesColumn(String name, String type) {
    if (name == null || name.isEmpty()) {
      return false;
    }
    boolean typed = type != null && !type.isEmpty() && !type.equals("data_type");
    return typed || !name.startsWith("# ");
  }

  /**
   * A column as {@code DESCRIBE TABLE} tells it.
   *
   * @param type its type in SQL
   */
  static SourceColumn column(String name, String type, boolean nullable) {
    Matcher decimal = DECIMAL.matcher(type.replace(" ", "").toLowerCase(Locale.ROOT));
    boolean sized = decimal.matches();
    return new SourceColumn(
        new Identifier(name),
        Types.OTHER,
        type,
        sized ? Integer.parseInt(decimal.group(1)) : 0,
        sized ? Integer.parseInt(decimal.group(2)) : 0,
        nullable);
  }

  /** The type without its parameters. */
  private static String family(SourceColumn column) {
    return column.typeName().toLowerCase(Locale.ROOT).split("[(< ]", 2)[0];
  }

  static Reading reading(SourceColumn column) {
    return switch (family(column)) {
      case "boolean" -> Reading.of(Getter.BOOLEAN, Kind.BOOLEAN);
      case "tinyint", "smallint", "int" -> Reading.of(Getter.INT, Kind.INT);
      case "bigint" -> Reading.of(Getter.LONG, Kind.LONG);
      case "float" -> Reading.of(Getter.FLOAT, Kind.FLOAT);
      case "double" -> Reading.of(Getter.DOUBLE, Kind.DOUBLE);
      case "decimal" ->
          new Reading(Getter.DECIMAL, ColumnType.decimal(column.precision(), column.scale()));
      case "string", "varchar", "char" -> Reading.of(Getter.TEXT, Kind.STRING);
      case "binary" -> Reading.of(Getter.BINARY, Kind.BINARY);
      case "date" -> Reading.of(Getter.TEXT, Kind.DATE);
      case "timestamp" -> Reading.of(Getter.TEXT, Kind.TIMESTAMP_WITH_ZONE);
      case "timestamp_ntz" -> Reading.of(Getter.TEXT, Kind.TIMESTAMP);
      case "array", "map", "struct", "variant" -> Reading.of(Getter.TEXT, Kind.STRING);
      // Intervals, places on Earth, and what has no values at all.
      default -> Reading.needsCast(Getter.TEXT);
    };
  }

  static void select(SqlText.Builder sql, SourceColumn column) {
    Identifier name = column.name();
    switch (family(column)) {
      case "boolean",
          "tinyint",
          "smallint",
          "int",
          "bigint",
          "float",
          "double",
          "decimal",
          "string",
          "varchar",
          "char",
          "binary" ->
          sql.name(name);
      // The offset of the very moment goes with it: so the zone of the session does not matter.
      case "timestamp" ->
          sql.text("date_format(").name(name).text(", \"yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXXXX\")");
      case "timestamp_ntz" -> sql.text("replace(CAST(").name(name).text(" AS STRING), ' ', 'T')");
      case "array", "map", "struct" ->
          sql.text("to_json(").name(name).text(", map('ignoreNullFields', 'false'))");
      case "variant" -> sql.text("to_json(").name(name).text(")");
      default -> sql.text("CAST(").name(name).text(" AS STRING)");
    }
  }
}
