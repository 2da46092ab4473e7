package io.datamirror.model;

import io.datamirror.spec.TableSpec;
import java.util.List;

/**
 * Tables of a spec that were made of somebody else's model.
 *
 * @param tables those that others refer to first
 * @param notes what could not be taken over, and what was decided without being said
 */
public record Imported(List<TableSpec> tables, List<String> notes) {

  public Imported {
    tables = List.copyOf(tables);
    notes = List.copyOf(notes);
  }
}
