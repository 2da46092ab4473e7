package io.datamirror.cli;

import java.util.Locale;

/** Counts of things for people. */
final class Plural {

  private Plural() {}

  /** For example {@code 1 table} and {@code 1,200 tables}. */
  static String of(long count, String thing) {
    return String.format(Locale.ROOT, "%,d %s%s", count, thing, count == 1 ? "" : "s");
  }
}
