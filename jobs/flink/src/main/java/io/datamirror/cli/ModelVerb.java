package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.model.Imported;
import io.datamirror.relate.HtmlPage;
import io.datamirror.relate.JoinViews;
import io.datamirror.relate.LoadOrder;
import io.datamirror.relate.ModelDocument;
import io.datamirror.relate.SvgDiagram;
import io.datamirror.relate.TextDiagram;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecHead;
import io.datamirror.spec.SpecText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the model of a mirror, or makes one. */
@Command(
    name = "model",
    description = {
      "Shows the tables of a mirror, their keys, and how they refer to each other: as text, as a"
          + " picture (svg, html), as json, as sql: views of Flink SQL that join the tables of the"
          + " lake along their relationships (run the mirror before: they are those of the lake as it"
          + " is), or as spec.",
      "With one of the options --from-..., the tables come from there and not from the spec, which"
          + " then needs none; the whole spec is printed, ready to run. Its defaults, and what --set"
          + " replaces, count for these tables. What cannot be taken over is listed on standard"
          + " error."
    },
    footer = {
      "",
      "Examples:",
      "  mirror model --spec airports.yaml",
      "  mirror model --spec airports.yaml -o html > airports.html",
      "  mirror model --spec airports.yaml -o sql",
      "  mirror model --spec head.yaml --from-source --schema public > shop.yaml",
      "  mirror model --spec head.yaml --from-ddl shop.sql --dialect snowflake",
      "  mirror model --spec head.yaml --from-source --from-descriptors descriptors.json"
    })
final class ModelVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private ModelOrigin origin;

  @Option(
      names = {"-o", "--output", "--as"},
      paramLabel = "FORMAT",
      description =
          "How the model is shown: ${COMPLETION-CANDIDATES}. Default: text, or spec with --from-...")
  private ModelFormat format;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    origin.check(command);
    Console console = Console.of(command);
    MirrorSpec mirror = origin.given() ? imported(console) : spec.read();
    ModelFormat shown = format == null ? defaultFormat() : format;
    switch (shown) {
      case TEXT -> TextDiagram.lines(mirror.tables()).forEach(console::data);
      case JSON -> console.raw(Json.document(ModelDocument.of(mirror)));
      case SVG -> console.raw(SvgDiagram.of(mirror.tables()).strip());
      case HTML -> console.raw(HtmlPage.of(mirror).strip());
      case SQL -> views(mirror, console);
      case SPEC -> printSpec(mirror, console);
    }
    return 0;
  }

  private void printSpec(MirrorSpec mirror, Console console) {
    SpecHead head = spec.readHead();
    if (head.yaml().contains(SpecHead.REPLACEMENT)) {
      console.say(
          "note: values that may be secrets are not repeated: "
              + SpecHead.REPLACEMENT
              + "...} stands for each");
    }
    console.raw(SpecText.of(head, LoadOrder.of(mirror.tables())).strip());
  }

  private ModelFormat defaultFormat() {
    return origin.given() ? ModelFormat.SPEC : ModelFormat.TEXT;
  }

  /** What was made must be a spec: it is read as one before anything is shown. */
  private MirrorSpec imported(Console console) {
    SpecHead head = spec.readHead();
    Imported imported = origin.read(head.source(), SecretSource.ofProcess());
    imported.notes().forEach(note -> console.say("note: " + note));
    if (imported.tables().isEmpty()) {
      throw new MirrorException(
          ErrorCode.NO_MODEL,
          head.mirror(),
          "no table of the model can be mirrored",
          "The notes above say why.");
    }
    return spec.withTables(imported.tables()).read();
  }

  private static void views(MirrorSpec mirror, Console console) {
    try (LakeCatalog catalog = MirroredLake.open(mirror, SecretSource.ofProcess())) {
      for (JoinViews.View view : LakeViews.of(catalog, mirror)) {
        console.data(view.statement());
        console.data("");
      }
    }
  }
}
