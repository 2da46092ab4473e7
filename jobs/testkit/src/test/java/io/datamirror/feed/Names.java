package io.datamirror.feed;

import java.util.ArrayList;
import java.util.List;

/** Sixty names that careless SQL would choke on, or obey. */
final class Names {

  static final List<String> ALL = all();

  private Names() {}

  private static List<String> all() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "a\"b",
                "\"",
                "\"\"",
                "a'b",
                "'",
                "''",
                "a`b",
                "``",
                "[a]",
                "a]b",
                "]]",
                "a\\b",
                "\\",
                "\\\"",
                "a;--",
                "a\"; DROP TABLE canary; --",
                "a'; DROP TABLE canary; --",
                "a\"; DELETE FROM canary; /*",
                "a`; DROP TABLE canary; #",
                "/*",
                "*/",
                "/* a */",
                "--",
                "-- a",
                "$$",
                "$1",
                "$a$",
                "${env:HOME}",
                ":a",
                "::a",
                "?",
                "??",
                "a?b",
                "%",
                "a_b",
                "a%b",
                "{d '2024-01-01'}",
                "{fn now()}",
                "a.b",
                ".",
                "a\".\"b",
                " ",
                " a ",
                "a\tb",
                "a\nb",
                "a\r\nb",
                "select",
                "TABLE",
                "order by",
                "‘a’",
                "“a”",
                "＂a＂",
                "ʺa",
                "🦉",
                "漢字",
                "e\u0301",
                "\u202Eabc"));
    names.add("x".repeat(63));
    names.add("ä".repeat(64));
    names.add("y".repeat(255));
    if (names.size() != 60) {
      throw new IllegalStateException(names.size() + " names");
    }
    return List.copyOf(names);
  }

  /** The name as an identifier, quoted by other means than those under test. */
  static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    name.chars()
        .forEach(
            c -> {
              quoted.append((char) c);
              if (c == '"') {
                quoted.append('"');
              }
            });
    return quoted.append('"').toString();
  }
}
