package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datamirror.error.MirrorException;
import io.datamirror.spec.testing.SampleSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that would leave the warehouse, or meet another name in it, are refused. */
class LakeNameTest {
  private static final String DOT = "it holds \".\"";
  private static final String SLASH = "it holds \"/\"";
  private static final String BACKSLASH = "it holds \"\\\"";
  private static final String SPACE = "it begins or ends with a space, or has two in a row";
  private static final String DEVICE = "Windows keeps this name for a device";
  private static final String TOO_LONG = "it is longer than 255 bytes";
  private static final String NOT_COMPOSED = "its Unicode is not in the composed form NFC";
  private static final String RESERVED = "names that begin with mirror_ are the mirror's own";

  static Stream<Arguments> forbidden() {
    return Stream.of(
        arguments("", "it is empty"),
        arguments(".", DOT),
        arguments("..", DOT),
        arguments("../evil", DOT),
        arguments("../../../evil", DOT),
        arguments("a/../../b", SLASH),
        arguments("a/b", SLASH),
        arguments("/etc/passwd", SLASH),
        arguments("a\\b", BACKSLASH),
        arguments("..\\evil", DOT),
        arguments("\\\\server\\share", BACKSLASH),
        arguments("%2e%2e", "it holds \"%\""),
        arguments("%2e%2e%2fevil", "it holds \"%\""),
        arguments("a%00b", "it holds \"%\""),
        arguments("a\0b", "it holds \"\\u0000\""),
        arguments("a\nb", "it holds \"\\u000A\""),
        arguments("a\tb", "it holds \"\\u0009\""),
        arguments("a\u007fb", "it holds \"\\u007F\""),
        arguments("a\u202eb", "it holds \"\\u202E\""),
        arguments("a\u200bb", "it holds \"\\u200B\""),
        arguments(" a", SPACE),
        arguments("a ", SPACE),
        arguments("a  b", SPACE),
        arguments("a.", DOT),
        arguments(".a", DOT),
        arguments("-a", "it begins with -"),
        arguments("--drop", "it begins with -"),
        arguments("CON", DEVICE),
        arguments("nul", DEVICE),
        arguments("Com1", DEVICE),
        arguments("LPT9", DEVICE),
        arguments("s3://bucket/x", "it holds \":\""),
        arguments("C:evil", "it holds \":\""),
        arguments("~", "it holds \"~\""),
        arguments("$HOME", "it holds \"$\""),
        arguments("a*b", "it holds \"*\""),
        arguments("a?x#y", "it holds \"?\""),
        arguments("a".repeat(256), TOO_LONG),
        arguments("é".repeat(128), TOO_LONG),
        arguments("cafe\u0301", NOT_COMPOSED),
        arguments("\u0301a", "it begins with a combining mark"),
        arguments("\uff0e\uff0e", "it holds \"\uff0e\""),
        arguments("a\u2215b", "it holds \"\u2215\""),
        arguments("mirror_ledger", RESERVED),
        arguments("MIRROR_tombstones", RESERVED));
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void aDangerousNameIsNoNameOfATable(String name, String reason) {
    assertThat(LakeName.problemOfTable(name)).contains(reason);
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void aDangerousNameIsRefusedBeforeAnythingRuns(String name, String reason) {
    assertThat(SampleSpec.CORRECT.with("name: orders", "name: " + quoted(name)).problems())
        .contains(
            "MIRROR-1008 tables[0].name (line 9): this cannot be a name in the lake: "
                + reason
                + ". Write letters, digits, _, - and single spaces; the name in the source stays as"
                + " it is.");
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(String.format("\\U%08x", c)));
    return quoted.append('"').toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "Orders",
        "order_lines",
        "order-lines",
        "order lines",
        "Ørsted",
        "国",
        "tabelle_ß",
        "हिन्दी",
        "2024",
        "_x",
        "consul",
        "mirrored",
        "com10",
        "café"
      })
  void anOrdinaryNameIsKeptAsItIs(String name) {
    assertThat(LakeName.problemOfTable(name)).isEmpty();
    assertThat(LakeName.require(name)).isEqualTo(name);
  }

  @Test
  void aNamespaceMayBeginWithWhatTablesMayNot() {
    assertThat(LakeName.problemOf("mirror_of_shop")).isEmpty();
  }

  @Test
  void aCatalogNeverSeesADangerousName() {
    assertThatThrownBy(() -> LakeName.require("../x\u0007"))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-1008 \"../x\\u0007\": this cannot be a name in the lake: it holds \".\"."
                + " Write letters, digits, _, - and single spaces; the name in the source stays as"
                + " it is.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ORDERS", "Orders"})
  void twoNamesThatOnlyCaseTellsApartAreRefused(String twin) {
    assertThat(withSecondTable(twin))
        .containsExactly(
            "MIRROR-1007 tables[1].name (line 15): only case tells \""
                + twin
                + "\" from the table at line 9. Give one of them another name.");
  }

  @Test
  void oneNameForTwoTablesIsRefused() {
    assertThat(withSecondTable("orders"))
        .containsExactly(
            "MIRROR-1007 tables[1].name (line 15): the table \"orders\" stands at line 9 already."
                + " Give one of them another name.");
  }

  @Test
  void twoNamesOfOneNumberAreRefused() {
    String spec = SampleSpec.CORRECT.text().replace("name: orders", "name: orders_148762");
    assertThat(SampleSpec.problemsOf(spec + secondTable("orders_155117")))
        .containsExactly(
            "MIRROR-1007 tables[1].name (line 15): by chance, this name and \"orders_148762\" have"
                + " one number in the state of a mirror. Give one of them another name.");
  }

  private static List<String> withSecondTable(String name) {
    return SampleSpec.problemsOf(SampleSpec.CORRECT.text() + secondTable(name));
  }

  private static String secondTable(String name) {
    String second =
        """
          - name: %s
            source: PUBLIC.OTHER_CHANGES
            feed: change-table
            primary-key: [id]
            cursor: change_id
        """;
    return second.formatted(name);
  }
}
