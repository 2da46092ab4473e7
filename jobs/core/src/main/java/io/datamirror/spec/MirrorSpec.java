package io.datamirror.spec;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * A whole spec, checked: one mirror of many tables. The defaults are already part of the tables.
 * Secrets in it are references that are not resolved yet.
 *
 * @param mirror the name that tables in the lake are owned by
 * @param publish null if applied changes go to the lake alone
 */
public record MirrorSpec(
    String mirror, SourceSpec source, LakeSpec lake, PublishSpec publish, List<TableSpec> tables)
    implements Serializable {

  public MirrorSpec {
    tables = List.copyOf(tables);
  }

  /** A mirror that publishes nothing. */
  public MirrorSpec(String mirror, SourceSpec source, LakeSpec lake, List<TableSpec> tables) {
    this(mirror, source, lake, null, tables);
  }

  /** Where applied changes go besides the lake, if anywhere. */
  public Optional<PublishSpec> publishing() {
    return Optional.ofNullable(publish);
  }

  /** The table that has this name in the lake. */
  public Optional<TableSpec> table(String name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }
}
