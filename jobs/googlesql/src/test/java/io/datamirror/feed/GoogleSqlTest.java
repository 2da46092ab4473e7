package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zetasql.Analyzer;
import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.Parser;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.SimpleColumn;
import com.google.zetasql.SimpleTable;
import com.google.zetasql.SqlException;
import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLOptions.ParameterMode;
import com.google.zetasql.ZetaSQLType.TypeKind;
import io.datamirror.spec.FeedKind;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import io.datamirror.testkit.warehouse.BigQueryDriver;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every statement that is sent to BigQuery, before Google's own parser and analyser. */
class GoogleSqlTest {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("ID", "INT64", "BIGINT", false),
          new Column("PART", "STRING", "VARCHAR", true),
          new Column("AMOUNT", "NUMERIC", "NUMERIC(38, 9)", true),
          new Column("DAY", "DATE", "DATE", true),
          new Column("HOUR", "TIME", "TIME(6)", true),
          new Column("PLAIN", "DATETIME", "TIMESTAMP(6)", true),
          new Column("INSTANT", "TIMESTAMP", "TIMESTAMP(6) WITH TIME ZONE", true),
          new Column("BYTES_", "BYTES", "VARBINARY", true),
          new Column("FLAG", "BOOL", "BOOLEAN", true),
          new Column("REAL_", "FLOAT64", "DOUBLE PRECISION", true));
  private static final Map<String, TypeKind> KINDS =
      new TreeMap<>(
          Map.of(
              "INT64", TypeKind.TYPE_INT64,
              "STRING", TypeKind.TYPE_STRING,
              "NUMERIC", TypeKind.TYPE_NUMERIC,
              "DATE", TypeKind.TYPE_DATE,
              "TIME", TypeKind.TYPE_TIME,
              "DATETIME", TypeKind.TYPE_DATETIME,
              "TIMESTAMP", TypeKind.TYPE_TIMESTAMP,
              "BYTES", TypeKind.TYPE_BYTES,
              "BOOL", TypeKind.TYPE_BOOL,
              "FLOAT64", TypeKind.TYPE_DOUBLE));

  private static LanguageOptions language;
  private static List<String> statements;

  @BeforeAll
  static void begin() throws Exception {
    language = new LanguageOptions();
    language.enableMaximumLanguageFeatures();
    statements = new ArrayList<>();
    for (FeedKind feed : List.of(FeedKind.NATIVE, FeedKind.APPENDS)) {
      for (String key : List.of("[ID, PART]", "[PART]", "[INSTANT, DAY]")) {
        statements.addAll(statements(feed, key));
      }
    }
  }

  private static List<String> statements(FeedKind feed, String key) throws Exception {
    AtomicLong clock = new AtomicLong(1_000_000);
    try (BigQueryDriver.Service service =
        BigQueryDriver.start("googlesql", new VersionedTables(clock::get))) {
      service.tables().create("ITEMS", COLUMNS, List.of("ID"));
      MirrorSpec spec =
          SpecReader.read(
              """
              mirror: test
              source: { type: bigquery, url: "%s" }
              lake:
                catalog: { type: hadoop, warehouse: ./lake }
                namespace: test
              tables:
                - { name: items, source: p.d.ITEMS, feed: %s, primary-key: %s }
              """
                  .formatted(service.url(), feed, key));
      try (Connection connection =
          Connections.to(spec.source(), reference -> "", text -> {}).open()) {
        Feed resolved = FeedFactory.resolve(connection, spec.source(), spec.tables().get(0));
        List<String> sent = new ArrayList<>(resolved.statements());
        clock.set(4_000_000);
        // A resumed chunk inside of a range of keys is the longest statement there is.
        Chunk chunk =
            new Chunk(Chunk.Part.CHANGES, "2000000:" + lower(key), "3000000:" + lower(key));
        resolved.open(connection, chunk, new Resume(resume(key), new long[0]), 1).close();
        sent.addAll(service.statements());
        return sent;
      }
    }
  }

  private static String lower(String key) {
    return key.startsWith("[ID") ? "1" : "'2024-01-01";
  }

  private static String resume(String key) {
    return switch (key) {
      case "[PART]" -> "'a";
      case "[ID, PART]" -> "1:'a";
      default -> "'2024-01-01:'2024-01-01";
    };
  }

  @Test
  void everyStatementIsGoogleSql() {
    assertThat(statements).hasSizeGreaterThan(40).anyMatch(sql -> sql.contains("APPENDS(TABLE"));
    for (String statement : statements) {
      assertThatCode(() -> Parser.parseStatement(statement, language))
          .as(statement)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void theStatementThatTurnsTheHistoryOnIsGoogleSql() {
    assertThatCode(
            () ->
                Parser.parseStatement(
                    "ALTER TABLE `p`.`d`.`ITEMS` SET OPTIONS (enable_change_history = TRUE);",
                    language))
        .doesNotThrowAnyException();
  }

  @Test
  void everyReadOfTheTableHasTypes() {
    AnalyzerOptions options = new AnalyzerOptions();
    options.setLanguageOptions(language);
    options.setParameterMode(ParameterMode.PARAMETER_POSITIONAL);
    options.setAllowUndeclaredParameters(true);
    SimpleCatalog catalog = catalog();
    List<String> reads =
        statements.stream()
            .filter(sql -> !sql.contains("INFORMATION_SCHEMA"))
            .map(GoogleSqlTest::withoutFunction)
            .toList();
    assertThat(reads).hasSizeGreaterThan(24);
    for (String read : reads) {
      assertThatCode(() -> Analyzer.analyzeStatement(read, options, catalog))
          .as(read)
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(
            () -> Analyzer.analyzeStatement("SELECT `NOPE` FROM `p`.`d`.`ITEMS`", options, catalog))
        .isInstanceOf(SqlException.class);
  }

  /** The analyser breaks down over table functions from outside: a table takes its place. */
  private static String withoutFunction(String sql) {
    return sql.replaceAll(
        "(CHANGES|APPENDS)\\(TABLE `p`.`d`.`ITEMS`(, TIMESTAMP_MICROS\\(\\d+\\)){2}\\)",
        "`p`.`d`.`CHANGED`");
  }

  private static SimpleCatalog catalog() {
    SimpleCatalog root = new SimpleCatalog("root");
    root.addZetaSQLFunctions(new ZetaSQLBuiltinFunctionOptions(language));
    List<SimpleColumn> columns = new ArrayList<>();
    List<SimpleColumn> changes = new ArrayList<>();
    for (Column column : COLUMNS) {
      Type type = TypeFactory.createSimpleType(KINDS.get(column.type()));
      columns.add(new SimpleColumn("ITEMS", column.name(), type));
      changes.add(new SimpleColumn("CHANGED", column.name(), type));
    }
    Type text = TypeFactory.createSimpleType(TypeKind.TYPE_STRING);
    Type time = TypeFactory.createSimpleType(TypeKind.TYPE_TIMESTAMP);
    changes.add(new SimpleColumn("CHANGED", "_CHANGE_TYPE", text));
    changes.add(new SimpleColumn("CHANGED", "_CHANGE_TIMESTAMP", time));
    SimpleCatalog dataset = root.addNewSimpleCatalog("p").addNewSimpleCatalog("d");
    dataset.addSimpleTable(new SimpleTable("ITEMS", columns));
    dataset.addSimpleTable(new SimpleTable("CHANGED", changes));
    return root;
  }
}
