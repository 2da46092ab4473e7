package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineDocumentTest {
  private static final Path FILE = Path.of("..", "..", "docs", "reference", "command-line.md");
  private static final String REGENERATE =
      "mvn -q -pl jobs/flink -am test -Dtest=CommandLineDocumentTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dregenerate";

  @Test
  void the_reference_is_up_to_date() throws IOException {
    String generated = document();
    if (System.getProperty("regenerate") != null) {
      Files.writeString(FILE, generated);
    }
    assertThat(Files.readString(FILE))
        .as("%s differs from the verbs; to make it again: %s", FILE, REGENERATE)
        .isEqualTo(generated);
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void every_verb_has_help_with_examples(String verb) {
    Cli.Result result = Cli.run((verb + " --help").split(" "));

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("Usage: mirror " + verb, "Examples:\n  mirror " + verb);
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void every_option_says_what_it_does(String verb) {
    for (OptionSpec option : commands().get(verb).getCommandSpec().options()) {
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
    }
  }

  @Test
  void the_verbs_are_those_of_the_design() {
    assertThat(verbs())
        .containsExactly(
            "demo",
            "validate",
            "check",
            "plan",
            "run",
            "apply",
            "status",
            "query",
            "verify",
            "model",
            "relations",
            "upgrade",
            "cluster",
            "cluster start",
            "cluster stop",
            "cluster status");
  }

  @Test
  void without_a_verb_the_usage_is_wrong() {
    Cli.Result result = Cli.run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualToNormalizingNewlines("MIRROR-1016 mirror: name a verb.\nSee mirror --help\n");
  }

  @Test
  void a_verb_that_does_not_exist_is_wrong_usage() {
    Cli.Result result = Cli.run("mirrror");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("MIRROR-1016 mirror: unmatched argument");
  }

  @Test
  void an_option_that_does_not_exist_is_wrong_usage() {
    Cli.Result result = Cli.run("run", "--spec", "x.yaml", "--untill", "now");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("MIRROR-1016 mirror run: unknown options: '--untill', 'now'")
        .contains("--until", "See mirror run --help");
  }

  @Test
  void a_spec_must_be_named() {
    Cli.Result result = Cli.run("plan");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("MIRROR-1016 mirror plan: missing required option: '--spec=FILE'.");
  }

  static Iterable<String> verbs() {
    return commands().keySet();
  }

  /** Every verb, and every verb of a verb, by the words that call it. */
  private static Map<String, CommandLine> commands() {
    Map<String, CommandLine> commands = new LinkedHashMap<>();
    add(commands, "", MirrorCommand.commandLine());
    return commands;
  }

  private static void add(Map<String, CommandLine> commands, String words, CommandLine parent) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              commands.put(words + name, command);
              add(commands, words + name + " ", command);
            });
  }

  private static String document() {
    StringBuilder text = new StringBuilder();
    text.append("# Command line\n\n");
    text.append(
        "<!-- Generated from the verbs in io.datamirror.cli. Change those, not this file. -->\n\n");
    text.append(
        "Data goes to standard output, everything else to standard error; logs go to a file, ");
    text.append("which is named when\nsomething fails. `NO_COLOR` is honoured. ");
    text.append("Nothing ever asks a question.\n\n");
    text.append(usage(MirrorCommand.commandLine()));
    commands()
        .forEach(
            (name, verb) -> text.append("\n## ").append(name).append("\n\n").append(usage(verb)));
    return text.toString();
  }

  private static String usage(CommandLine command) {
    String usage =
        command.setUsageHelpWidth(100).setUsageHelpAutoWidth(false).getUsageMessage(Ansi.OFF);
    StringBuilder text = new StringBuilder("```text\n");
    usage.strip().lines().forEach(line -> text.append(line.stripTrailing()).append('\n'));
    return text.append("```\n").toString();
  }
}
