package io.datamirror.demo;

import java.util.Locale;

/** The five tables, in the order in which they are shown: those that others refer to come first. */
public enum DemoTable {
  COUNTRIES,
  REGIONS,
  NAVAIDS,
  AIRPORT_FREQUENCIES,
  RUNWAYS;

  /** The table's name in the lake, in the spec and in the bundled files. */
  public String lakeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The table of changes in the embedded warehouse. */
  String changeTable() {
    return name() + "_CHANGES";
  }

  /** Everything that happened to the table. */
  DemoFile changes() {
    return DemoFile.open(lakeName() + ".changes.csv.gz");
  }

  /** The table after all that. */
  DemoFile expected() {
    return DemoFile.open(lakeName() + ".expected.csv.gz");
  }
}
