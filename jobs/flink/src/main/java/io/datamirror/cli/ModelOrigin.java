package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.ProblemsException;
import io.datamirror.feed.Connections;
import io.datamirror.feed.SourceErrors;
import io.datamirror.feed.SourceModel;
import io.datamirror.model.DdlDialect;
import io.datamirror.model.DdlModel;
import io.datamirror.model.DescribedModel;
import io.datamirror.model.DescribedSchema;
import io.datamirror.model.Descriptors;
import io.datamirror.model.Imported;
import io.datamirror.model.SpecDraft;
import io.datamirror.model.TableModel;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where a model comes from, if not from the tables of the spec. */
final class ModelOrigin {
  private static final Logger LOG = LoggerFactory.getLogger(ModelOrigin.class);

  @Option(
      names = "--from-source",
      description = "Asks the spec's source for its tables, keys and foreign keys.")
  private boolean source;

  @Option(
      names = "--from-ddl",
      paramLabel = "FILE",
      description = "Reads CREATE TABLE statements, in the dialect that --dialect names.")
  private Path ddl;

  @Option(
      names = "--dialect",
      paramLabel = "DIALECT",
      defaultValue = "postgresql",
      description =
          "Whose DDL it is: ${COMPLETION-CANDIDATES}, in either case. Default: ${DEFAULT-VALUE}.")
  private DdlDialect dialect;

  @Option(
      names = "--from-descriptors",
      paramLabel = "FILE",
      description =
          "Reads descriptors of Adobe Experience Platform: primary key, version, timestamp and"
              + " relationship. With --from-source or --from-ddl, they count over what those say.")
  private Path descriptors;

  @Option(
      names = "--schema",
      paramLabel = "SCHEMA",
      description =
          "The schema of the source: the only one that is asked, and the one of names without.")
  private String schema;

  /** Whether the model comes from elsewhere. */
  boolean given() {
    return source || ddl != null || descriptors != null;
  }

  /**
   * Looks whether the options go together.
   *
   * @throws MirrorException naming one that does not
   */
  void check(CommandSpec command) {
    if (source && ddl != null) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          "model",
          "--from-source and --from-ddl exclude each other",
          "Give one of them.");
    }
    if (!given()) {
      LeftAside.refuse(
          command,
          List.of("--schema"),
          "the tables are those of the spec, whatever their schema",
          "Add --from-source, --from-ddl or --from-descriptors, or leave it out.");
    }
    if (ddl == null) {
      LeftAside.refuse(
          command,
          List.of("--dialect"),
          "this is the dialect of a DDL file, and none is read",
          "Add --from-ddl, or leave it out.");
    }
  }

  /** Reads the model. */
  Imported read(SourceSpec from, SecretSource secrets) {
    requireTables(from.type());
    SpecDraft.Feeding feeding = SpecDraft.Feeding.of(from.type());
    List<String> notes = new ArrayList<>();
    Optional<List<TableModel>> tables = tables(from, secrets, notes);
    if (descriptors == null) {
      return SpecDraft.of(tables.orElseThrow(), feeding, notes);
    }
    List<String> remarks = new ArrayList<>();
    Map<String, DescribedSchema> schemas =
        Descriptors.read(text("--from-descriptors", descriptors), nameOf(descriptors), remarks);
    if (tables.isEmpty()) {
      return DescribedModel.alone(schemas, schema, feeding, remarks);
    }
    Imported base = SpecDraft.of(tables.get(), feeding, notes);
    List<String> all = new ArrayList<>(base.notes());
    all.addAll(remarks);
    return DescribedModel.over(new Imported(base.tables(), all), schemas);
  }

  /** No model says what records look like, and no database holds them. */
  private static void requireTables(SourceType type) {
    switch (type) {
      case JDBC, SNOWFLAKE, DATABRICKS, BIGQUERY -> {}
      case KAFKA, FILES ->
          throw new MirrorException(
              ErrorCode.WRONG_ARGUMENT,
              "model",
              "a source of type " + type + " holds records, and --from-... makes tables",
              "Write the tables into the spec, each with format: and schema:.");
    }
  }

  private Optional<List<TableModel>> tables(
      SourceSpec from, SecretSource secrets, List<String> notes) {
    if (source) {
      return Optional.of(discovered(from, secrets));
    }
    return ddl == null
        ? Optional.empty()
        : Optional.of(DdlModel.read(text("--from-ddl", ddl), dialect, schema, notes));
  }

  private List<TableModel> discovered(SourceSpec from, SecretSource secrets) {
    try (Connection connection = Connections.to(from, secrets, LOG::info).open()) {
      return SourceModel.read(connection, from.type(), schema);
    } catch (SQLException e) {
      throw SourceErrors.query(e, "model");
    }
  }

  private static String text(String option, Path file) {
    try {
      return SpecReader.content(file);
    } catch (ProblemsException e) {
      throw new MirrorException(
          ErrorCode.MODEL_UNREADABLE,
          option + " " + file,
          e.problems().get(0).sentence(),
          "Name a file of UTF-8 text that this user may read.");
    }
  }

  /** Descriptors without a schema belong to the one that their file is called after. */
  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceAll("\\.[^.]*$", "");
  }
}
