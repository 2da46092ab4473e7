package io.datamirror.model;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.model.ColumnModel.Nullability;
import io.datamirror.model.ColumnModel.Origin;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.alter.Alter;
import net.sf.jsqlparser.statement.alter.AlterExpression;
import net.sf.jsqlparser.statement.create.table.ColumnDefinition;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.create.table.ForeignKeyIndex;
import net.sf.jsqlparser.statement.create.table.Index;

/** The tables of a script of {@code CREATE TABLE} statements. */
public final class DdlModel {

  private static final Set<String> COUNTED = Set.of("IDENTITY", "AUTOINCREMENT", "AUTO_INCREMENT");

  private static final String NEXT_STEP = "Name a file of CREATE TABLE statements.";

  private final DdlDialect dialect;
  private final String schema;
  private final List<String> notes;
  private final Map<String, Draft> drafts = new LinkedHashMap<>();

  /** A table while its statements are read. */
  private static final class Draft {
    private final TableName name;
    private final List<ColumnModel> columns = new ArrayList<>();
    private final List<String> primaryKey = new ArrayList<>();
    private final List<List<String>> uniqueKeys = new ArrayList<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();

    Draft(TableName name) {
      this.name = name;
    }

    TableModel model() {
      return new TableModel(name, columns, primaryKey, uniqueKeys, foreignKeys);
    }
  }

  private DdlModel(DdlDialect dialect, String schema, List<String> notes) {
    this.dialect = dialect;
    this.schema = schema;
    this.notes = notes;
  }

  /**
   * Reads a script.
   *
   * @param schema the schema of tables that are named without one; null for none
   * @param notes receives what cannot be taken over
   * @throws MirrorException if the text is no SQL at all
   */
  public static List<TableModel> read(
      String script, DdlDialect dialect, String schema, List<String> notes) {
    DdlModel model = new DdlModel(dialect, schema, notes);
    List<DdlStatements.Statement> statements = statements(script);
    if (statements.isEmpty()) {
      throw new MirrorException(
          ErrorCode.MODEL_UNREADABLE, "DDL", "the text holds no statement", NEXT_STEP);
    }
    statements.forEach(model::read);
    return model.drafts.values().stream().map(Draft::model).toList();
  }

  private static List<DdlStatements.Statement> statements(String script) {
    try {
      return script.isBlank() ? List.of() : DdlStatements.of(script);
    } catch (TokenMgrException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.MODEL_UNREADABLE,
          "DDL",
          "the text holds characters that are no SQL",
          NEXT_STEP);
    }
  }

  private void read(DdlStatements.Statement statement) {
    try {
      net.sf.jsqlparser.statement.Statement parsed = CCJSqlParserUtil.parse(statement.text());
      if (parsed instanceof CreateTable create && create.getColumnDefinitions() != null) {
        read(create, statement.line());
      } else if (parsed instanceof Alter alter) {
        read(alter, statement.line());
      } else {
        note(statement, "is no CREATE TABLE with columns");
      }
    } catch (JSQLParserException | IllegalArgumentException e) {
      note(statement, "is not understood");
    }
  }

  private void note(DdlStatements.Statement statement, String what) {
    String[] words = statement.text().split("\\s+", 5);
    String begin = String.join(" ", List.of(words).subList(0, Math.min(4, words.length)));
    notes.add("line " + statement.line() + ": \"" + begin + " …\" " + what + " and is left out");
  }

  private void read(CreateTable create, int line) {
    TableName name = name(create.getTable());
    Draft draft = new Draft(name);
    if (drafts.putIfAbsent(name.toString(), draft) != null) {
      notes.add("line " + line + ": " + name + " is created twice: the first counts");
      return;
    }
    Map<String, List<String>> words = new HashMap<>();
    for (ColumnDefinition column : create.getColumnDefinitions()) {
      List<String> specs = column.getColumnSpecs() == null ? List.of() : column.getColumnSpecs();
      words.put(dialect.stored(column.getColumnName()), specs);
      readConstraints(draft, dialect.stored(column.getColumnName()), specs);
    }
    if (create.getIndexes() != null) {
      create.getIndexes().forEach(index -> read(draft, index));
    }
    Set<String> seen = new HashSet<>();
    for (ColumnDefinition column : create.getColumnDefinitions()) {
      String stored = dialect.stored(column.getColumnName());
      if (seen.add(stored)) {
        boolean key = draft.primaryKey.contains(stored);
        draft.columns.add(column(stored, column, words.get(stored), key));
      } else {
        notes.add(name + "." + stored + ": is declared twice: the first counts");
      }
    }
  }

  private ColumnModel column(
      String name, ColumnDefinition column, List<String> words, boolean key) {
    String written = column.getColDataType().toString();
    String type =
        written
            .replaceAll("\\(.*?\\)", " ")
            .replaceAll("\\s+", " ")
            .strip()
            .toUpperCase(Locale.ROOT);
    boolean notNull = key || follows(words, "NOT", "NULL");
    boolean counted =
        type.endsWith("SERIAL")
            || words.stream().anyMatch(word -> COUNTED.contains(word.toUpperCase(Locale.ROOT)));
    return new ColumnModel(
        name,
        written,
        dialect.type(type, parameters(written)),
        DdlDialect.cast(type),
        notNull ? Nullability.NOT_NULL : Nullability.NULLABLE,
        counted ? Origin.COUNTED : Origin.WRITER);
  }

  private static List<Integer> parameters(String type) {
    int open = type.indexOf('(');
    int close = type.indexOf(')', open);
    List<Integer> parameters = new ArrayList<>();
    if (open >= 0 && close > open) {
      for (String part : type.substring(open + 1, close).split(",")) {
        if (part.strip().matches("[0-9]{1,4}")) {
          parameters.add(Integer.parseInt(part.strip()));
        }
      }
    }
    return parameters;
  }

  private static boolean follows(List<String> words, String first, String second) {
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i - 1).equalsIgnoreCase(first) && words.get(i).equalsIgnoreCase(second)) {
        return true;
      }
    }
    return false;
  }

  /** Constraints that stand behind a column. */
  private void readConstraints(Draft draft, String column, List<String> words) {
    if (follows(words, "PRIMARY", "KEY")) {
      draft.primaryKey.add(column);
    }
    if (words.stream().anyMatch(word -> word.equalsIgnoreCase("UNIQUE"))) {
      draft.uniqueKeys.add(List.of(column));
    }
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).equalsIgnoreCase("REFERENCES")) {
        Table table = new Table(words.get(i + 1));
        String columns = i + 2 < words.size() ? words.get(i + 2) : "";
        boolean named = columns.startsWith("(") && columns.endsWith(")");
        draft.foreignKeys.add(
            new ForeignKey(
                List.of(column),
                name(table),
                named
                    ? referenced(List.of(columns.substring(1, columns.length() - 1)))
                    : List.of()));
      }
    }
  }

  private List<String> referenced(List<String> written) {
    boolean primaryKey =
        written.stream().anyMatch(name -> name.strip().equals(DdlStatements.PRIMARY_KEY));
    return primaryKey
        ? List.of()
        : written.stream().map(name -> dialect.stored(name.strip())).toList();
  }

  private void read(Draft draft, Index index) {
    List<String> columns = index.getColumnsNames().stream().map(dialect::stored).toList();
    String type = index.getType() == null ? "" : index.getType().toUpperCase(Locale.ROOT);
    if (index instanceof ForeignKeyIndex foreignKey) {
      draft.foreignKeys.add(
          new ForeignKey(
              columns,
              name(foreignKey.getTable()),
              referenced(foreignKey.getReferencedColumnNames())));
    } else if (type.startsWith("PRIMARY KEY")) {
      draft.primaryKey.addAll(columns);
    } else if (type.startsWith("UNIQUE")) {
      draft.uniqueKeys.add(columns);
    } else {
      notes.add(draft.name + ": " + index + " is left out");
    }
  }

  private void read(Alter alter, int line) {
    Draft draft = drafts.get(name(alter.getTable()).toString());
    for (AlterExpression expression : alter.getAlterExpressions()) {
      if (draft != null && expression.getIndex() != null) {
        read(draft, expression.getIndex());
      } else {
        notes.add("line " + line + ": ALTER TABLE " + expression + " is left out");
      }
    }
  }

  private TableName name(Table table) {
    List<String> written = new ArrayList<>(table.getNameParts());
    Collections.reverse(written);
    List<Identifier> parts = new ArrayList<>();
    for (String part : written) {
      String stored = dialect.stored(part);
      // BigQuery takes a whole path between one pair of back-ticks.
      boolean path = dialect == DdlDialect.BIGQUERY && part.startsWith("`");
      for (String piece : path ? stored.split("\\.") : new String[] {stored}) {
        parts.add(new Identifier(piece));
      }
    }
    if (parts.size() == 1 && schema != null) {
      parts.add(0, new Identifier(schema));
    }
    return new TableName(parts);
  }
}
