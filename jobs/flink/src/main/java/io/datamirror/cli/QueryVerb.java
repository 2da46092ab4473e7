package io.datamirror.cli;

import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads the lake by SQL. */
@Command(
    name = "query",
    description = {
      "Runs Flink SQL over the lake of a mirror.",
      "Tables are known by their names in the spec. Nothing can be changed this way."
    },
    footer = {
      "",
      "In csv the header comes first, NULL is an empty field and the empty text is \"\".",
      "",
      "Examples:",
      "  mirror query --spec airports.yaml \"SELECT * FROM countries ORDER BY code\" -o csv",
      "  mirror query --spec airports.yaml \"SELECT continent, COUNT(*) FROM regions GROUP BY"
          + " continent\"",
      "  mirror query --spec airports.yaml \"SHOW TABLES\"",
      "  mirror query --spec airports.yaml 'SELECT reason, COUNT(*) FROM mirror_ledger GROUP BY"
          + " reason'",
      "  mirror query --spec airports.yaml 'SELECT snapshot_id, summary FROM"
          + " `runways$snapshots`' -o json"
    })
final class QueryVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;

  @Parameters(paramLabel = "SQL", description = "One statement that reads.")
  private String sql;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How rows are printed: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private RowFormat format;

  @Spec private CommandSpec command;

  /** How rows are printed. */
  enum RowFormat {
    CSV,
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    RowPrinter printer(Console console) {
      return switch (this) {
        case CSV -> RowPrinter.csv(console);
        case TEXT -> RowPrinter.text(console);
        case JSON -> RowPrinter.json(console);
      };
    }
  }

  @Override
  public Integer call() throws Exception {
    MirrorSpec mirror = spec.read();
    RowPrinter printer = format.printer(Console.of(command));
    new LakeQuery(mirror, SecretSource.ofProcess()).run(sql, printer);
    return 0;
  }
}
