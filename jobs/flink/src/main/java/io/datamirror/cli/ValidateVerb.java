package io.datamirror.cli;

import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.MirrorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks a spec without connecting to anything. */
@Command(
    name = "validate",
    description = {
      "Checks a spec offline.",
      "Every problem is told at once: where it is, its code, and what to do. No secret is looked up."
    },
    footer = {
      "",
      "Examples:",
      "  mirror validate --spec airports.yaml",
      "  mirror validate --spec airports.yaml -o json | jq '.problems[].path'"
    })
final class ValidateVerb implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Format.Choice output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (!output.json()) {
      MirrorSpec mirror = spec.read();
      Console.of(command)
          .data("ok: " + mirror.mirror() + ", " + Plural.of(mirror.tables().size(), "table"));
      return 0;
    }
    List<Problem> problems = problems();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ok", problems.isEmpty());
    document.put("problems", problems.stream().map(Problems::document).toList());
    Console.of(command).raw(Json.document(document));
    return problems.isEmpty() ? 0 : problems.get(0).code().exitCode();
  }

  private List<Problem> problems() {
    try {
      spec.read();
      return List.of();
    } catch (ProblemsException e) {
      return e.problems();
    }
  }
}
