package io.datamirror.cli;

import java.util.Locale;

/** How a model is shown. */
enum ModelFormat {
  TEXT,
  JSON,
  SVG,
  HTML,
  SQL,
  SPEC;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
