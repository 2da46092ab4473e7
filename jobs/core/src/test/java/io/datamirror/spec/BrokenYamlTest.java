package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.spec.testing.SampleSpec;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenYamlTest {
  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            "mirror: @canary",
            "(line 1): nothing may begin with the character that stands here. Put the value into"
                + " quotes, and indent with spaces only."),
        arguments(
            "mirror: shop\n\tsource: canary",
            "(line 2): nothing may begin with the character that stands here. Put the value into"
                + " quotes, and indent with spaces only."),
        arguments(
            "mirror: canary: x",
            "(line 1): a colon stands where no key can be. Check the indentation, or put the value"
                + " into quotes."),
        arguments(
            "mirror: shop\ncanary\nsource: x",
            "(line 3): a key has no colon after it. Write a colon and a space after the key."),
        arguments(
            "mirror: [canary",
            "(line 1): a list or mapping in brackets is not closed, or lacks a comma. Close the"
                + " bracket, or separate its parts by commas."),
        arguments(
            "mirror: 'canary",
            "(line 1): a quote is not closed. Close the quote that begins here."),
        arguments(
            "a:\n  b: 1\n - canary",
            "(line 3): this line is not indented like those before it. Indent all keys of one"
                + " mapping by the same number of spaces."),
        arguments(
            "mirror: \"\\canary\"",
            "(line 1): this escape does not exist in double quotes. Use single quotes around text"
                + " that has backslashes."),
        arguments(
            "mirror: *canary",
            "(line 1): an alias (*) refers to no anchor (&). Put a value that begins with * into"
                + " quotes."),
        arguments(
            "mirror: a\n---\nmirror: canary",
            "(line 2): the file holds more than one YAML document. Write one mirror per file,"
                + " without a line of --- in it."),
        arguments(
            "mirror: canary\u0001",
            ": the file holds a control character. Save it as plain UTF-8 text."),
        arguments("", ": the file is empty. Write a spec, or name another file."),
        arguments("# canary", ": the file is empty. Write a spec, or name another file."),
        arguments(
            "[".repeat(20_000), ": the YAML is nested too deeply. A spec has six levels at most."),
        arguments(
            "%TAG canary\n---\na: b",
            "(line 1): this is not valid YAML. Check the indentation, colons, quotes and"
                + " brackets."));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isOneProblemWithItsLineAndNothingOfTheText(String text, String expected) {
    String between = expected.startsWith("(") ? " " : "";
    assertThat(SampleSpec.problemsOf(text))
        .containsExactly("MIRROR-1001 spec" + between + expected);
  }

  @Test
  void aLineWithoutItsColonIsNotTakenForMoreOfTheValueBeforeIt() {
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "type: jdbc\n  poll-interval: 30s\n    password canary")
                .problems())
        .containsExactly(
            "MIRROR-1001 spec (line 4): this value goes on in the next line. Write the colon that"
                + " is missing there, or put the value into quotes.");
    assertThat(
            SampleSpec.CORRECT
                .with("type: jdbc", "poll-interval: 30s\n  password canary\n  type: jdbc")
                .problems())
        .containsExactly(
            "MIRROR-1001 spec (line 5): a key has no colon after it. Write a colon and a space"
                + " after the key.");
  }

  @Test
  void aMissingSpaceAfterAColonDoesNotShowTheValue() {
    assertThat(SampleSpec.CORRECT.with("{ type: hadoop,", "{ type:hadoop,").problems())
        .containsExactly(
            "MIRROR-1003 lake.catalog.type (line 6): this key is missing. Add it, one of jdbc,"
                + " rest, hive, hadoop, or write catalog-impl: with the class of another catalog.");
    assertThat(SampleSpec.problemsOf("{ mirror: a, password:canary }"))
        .contains(
            "MIRROR-1002 password... (line 1): this key does not exist. Write a space after the"
                + " colon.");
  }

  @Test
  void aKeyThatStandsTwiceIsRefusedWithBothLines() {
    assertThat(SampleSpec.CORRECT.with("type: jdbc", "type: jdbc\n  type: kafka").problems())
        .containsExactly(
            "MIRROR-1009 type (line 4): this key stands at line 3 already. Keep one of them.");
  }

  @Test
  void aKeyThatIsNoTextIsRefused() {
    assertThat(SampleSpec.problemsOf(SampleSpec.CORRECT.text() + "[a]: b\n"))
        .containsExactly(
            "MIRROR-1001 spec (line 15): a key is not a single text. Write a plain name before the"
                + " colon.");
  }

  @Test
  void anAliasInsideItsOwnAnchorIsRefused() {
    assertThat(SampleSpec.CORRECT.withTableKeys("partition-by: &a [*a]").problems())
        .containsExactly(
            "MIRROR-1001 spec (line 15): an alias (*) stands inside its own anchor (&). Write it"
                + " out.");
  }

  @Test
  void aliasesOfAliasesDoNotMultiply() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 25; level++) {
      String alias = "*a" + (level - 1) + ", ";
      text.append("a" + level + ": &a" + level + " [" + alias.repeat(10) + "x]\n");
    }

    assertThat(SampleSpec.problemsOf(text.toString()))
        .containsExactly(
            "MIRROR-1001 spec: there are too many aliases (*). Put what many tables share into"
                + " defaults.");
  }
}
