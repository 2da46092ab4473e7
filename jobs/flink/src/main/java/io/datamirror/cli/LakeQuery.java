package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeFailure;
import io.datamirror.relate.JoinViews;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.TableSpec;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.FlinkCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one reading statement of Flink SQL in this process, with the mirror's tables at hand, and
 * the views that join them.
 */
final class LakeQuery {
  private static final Logger LOG = LoggerFactory.getLogger(LakeQuery.class);
  private static final String CATALOG = "lake";
  private static final Pattern TELLING =
      Pattern.compile("(?is)\\s*(SHOW|DESCRIBE|DESC|EXPLAIN)\\b.*");

  /** What a planned statement that Flink could not start begins with. */
  private static final String NOT_EXECUTED = "Failed to execute sql";

  private static final List<Class<? extends Exception>> OF_VALUES =
      List.of(
          NumberFormatException.class,
          ArithmeticException.class,
          DateTimeException.class,
          TableException.class);

  private final MirrorSpec spec;
  private final SecretSource secrets;

  LakeQuery(MirrorSpec spec, SecretSource secrets) {
    this.spec = spec;
    this.secrets = secrets;
  }

  /** Runs {@code sql} and prints what it gives. */
  void run(String sql, RowPrinter printer) throws Exception {
    requireLake();
    TableEnvironment tables = environment();
    try (CloseableIterator<Row> rows = collect(tables, sql, printer)) {
      while (hasNext(rows)) {
        printer.row(values(rows.next()));
      }
    }
    printer.end();
  }

  /** Flink creates the namespace of a catalog that has none: a query must not. */
  private void requireLake() {
    try (LakeCatalog catalog = MirroredLake.open(spec, secrets)) {
      if (spec.tables().stream().map(TableSpec::name).noneMatch(t -> catalog.find(t).isPresent())) {
        throw MirroredLake.empty(spec);
      }
    }
  }

  private TableEnvironment environment() {
    Configuration settings = new Configuration();
    settings.setString("table.exec.iceberg.infer-source-parallelism", "false");
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inBatchMode().withConfiguration(settings).build());
    String namespace = spec.lake().namespace();
    tables.registerCatalog(
        CATALOG,
        new FlinkCatalog(
            CATALOG,
            namespace,
            Namespace.empty(),
            new Loader(spec.lake(), secrets),
            Map.of(),
            false,
            -1));
    tables.useCatalog(CATALOG);
    try (LakeCatalog catalog = LakeCatalog.open(spec.lake(), secrets)) {
      for (JoinViews.View view : LakeViews.of(catalog, spec)) {
        register(tables, view);
      }
    }
    return tables;
  }

  /** A join that the columns of the lake do not allow keeps no query from being asked. */
  private static void register(TableEnvironment tables, JoinViews.View view) {
    try {
      tables.createTemporaryView("`" + view.name() + "`", tables.sqlQuery(view.select()));
    } catch (ValidationException e) {
      LOG.warn("There is no view {}", view.name(), e);
    }
  }

  private static CloseableIterator<Row> collect(
      TableEnvironment tables, String sql, RowPrinter printer) {
    try {
      TableResult result =
          TELLING.matcher(sql).matches()
              ? tables.executeSql(sql)
              : tables.sqlQuery(withoutEnd(sql)).execute();
      printer.header(result.getResolvedSchema().getColumnNames());
      return result.collect();
    } catch (SqlParserException | ValidationException e) {
      throw mistake(e, sentence(e));
    } catch (TableException e) {
      throw String.valueOf(e.getMessage()).startsWith(NOT_EXECUTED) ? e : mistake(e, sentence(e));
    }
  }

  private static boolean hasNext(CloseableIterator<Row> rows) {
    try {
      return rows.hasNext();
    } catch (RuntimeException e) {
      throw computed(e);
    }
  }

  /**
   * What a function says of the values that the statement gives it is a mistake in the statement.
   */
  private static RuntimeException computed(RuntimeException failure) {
    if (FailureReport.mirrorError(failure, "query").code() != ErrorCode.INTERNAL) {
      return failure;
    }
    for (Class<? extends Exception> type : OF_VALUES) {
      Optional<? extends Exception> found =
          ExceptionUtils.findThrowableSerializedAware(
              failure, type, LakeQuery.class.getClassLoader());
      if (found.isPresent()) {
        return mistake(failure, "a value cannot be computed: " + sentence(found.get()));
      }
    }
    return failure;
  }

  private static MirrorException mistake(RuntimeException failure, String sentence) {
    return MirrorException.causedBy(
        failure, ErrorCode.WRONG_ARGUMENT, "query", sentence, "See mirror query --help.");
  }

  private static String withoutEnd(String sql) {
    return sql.strip().replaceAll(";+$", "");
  }

  /** What the planner says of the user's own statement. */
  private static String sentence(Exception e) {
    String message = e.getMessage() == null ? "it is not understood" : e.getMessage();
    String sentence = message.lines().findFirst().orElse("").strip().replaceAll("[.:]+$", "");
    return sentence.isEmpty() ? "it is not understood" : sentence;
  }

  private static Object[] values(Row row) {
    Object[] values = new Object[row.getArity()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.getField(i);
    }
    return values;
  }

  /** Opens the catalog wherever Flink needs it; carries references to secrets, never secrets. */
  private static final class Loader implements CatalogLoader {
    private static final long serialVersionUID = 1L;

    private final LakeSpec lake;
    private final transient SecretSource secrets;

    Loader(LakeSpec lake, SecretSource secrets) {
      this.lake = lake;
      this.secrets = secrets;
    }

    @Override
    public Catalog loadCatalog() {
      try {
        return LakeCatalog.open(lake, secrets == null ? SecretSource.ofProcess() : secrets)
            .icebergCatalog();
      } catch (RuntimeException e) {
        throw LakeFailure.of(e, CATALOG);
      }
    }

    @Override
    @SuppressWarnings({"MethodDoesntCallSuperMethod", "NoClone"})
    public CatalogLoader clone() {
      return new Loader(lake, secrets);
    }
  }
}
