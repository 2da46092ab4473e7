package io.datamirror.model;

import io.datamirror.spec.Cardinality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What descriptors say of one schema. */
public final class DescribedSchema {

  private final String name;
  private List<String> primaryKey = List.of();
  private List<String> version = List.of();
  private String timestamp;
  private final List<Reference> references = new ArrayList<>();

  /**
   * A relationship.
   *
   * @param referencedColumns empty for the primary key
   */
  record Reference(
      List<String> columns,
      String schema,
      List<String> referencedColumns,
      Cardinality cardinality) {}

  DescribedSchema(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void primaryKey(List<String> columns) {
    primaryKey = List.copyOf(columns);
  }

  void version(List<String> columns) {
    version = List.copyOf(columns);
  }

  void timestamp(String column) {
    timestamp = column;
  }

  void relationship(Reference reference) {
    references.add(reference);
  }

  List<String> primaryKey() {
    return primaryKey;
  }

  List<String> version() {
    return version;
  }

  /** Only time-series have one. */
  Optional<String> timestamp() {
    return Optional.ofNullable(timestamp);
  }

  List<Reference> references() {
    return List.copyOf(references);
  }

  /** Whether anything is said but that others refer to it. */
  boolean described() {
    return !primaryKey.isEmpty() || !version.isEmpty() || timestamp != null;
  }

  void noteMissing(List<String> notes) {
    if (primaryKey.isEmpty()) {
      notes.add(name + ": has no primary key descriptor, which every schema needs");
    }
    if (version.isEmpty()) {
      notes.add(name + ": has no version descriptor, which every schema needs");
    }
    if (timestamp != null && !primaryKey.isEmpty() && !primaryKey.contains(timestamp)) {
      notes.add(
          name + ": is a time-series whose primary key lacks its timestamp, which is added to it");
      primaryKey = new ArrayList<>(primaryKey);
      primaryKey.add(timestamp);
    }
  }
}
