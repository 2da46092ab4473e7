package io.datamirror.demo;

import java.util.Set;

/** What the demo's columns hold. An empty field of the files is NULL in every type. */
enum DemoType {
  WHOLE,
  NUMBER,
  TEXT;

  private static final Set<String> WHOLE_COLUMNS =
      Set.of(
          "id",
          "airport_ref",
          "frequency_khz",
          "dme_frequency_khz",
          "elevation_ft",
          "dme_elevation_ft",
          "length_ft",
          "width_ft",
          "lighted",
          "closed",
          "le_elevation_ft",
          "le_displaced_threshold_ft",
          "he_elevation_ft",
          "he_displaced_threshold_ft");

  private static final Set<String> NUMBER_COLUMNS =
      Set.of(
          "frequency_mhz",
          "latitude_deg",
          "longitude_deg",
          "dme_latitude_deg",
          "dme_longitude_deg",
          "slaved_variation_deg",
          "magnetic_variation_deg",
          "le_latitude_deg",
          "le_longitude_deg",
          "le_heading_degT",
          "he_latitude_deg",
          "he_longitude_deg",
          "he_heading_degT");

  /** The type of a data column; a name means the same in all five tables. */
  static DemoType ofColumn(String name) {
    if (WHOLE_COLUMNS.contains(name)) {
      return WHOLE;
    }
    return NUMBER_COLUMNS.contains(name) ? NUMBER : TEXT;
  }

  /** The value of a field of the files; null for an empty one. */
  Object value(String field) {
    if (field.isEmpty()) {
      return null;
    }
    return switch (this) {
      case WHOLE -> Integer.valueOf(field);
      case NUMBER -> Double.valueOf(field);
      case TEXT -> field;
    };
  }
}
