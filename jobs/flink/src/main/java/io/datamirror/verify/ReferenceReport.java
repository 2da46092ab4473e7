package io.datamirror.verify;

import io.datamirror.relate.LakeReference;
import io.datamirror.spec.Cardinality;

/**
 * How the rows of a table refer to those of another, exactly, at one moment of both.
 *
 * @param table the table at that moment
 * @param referenced what it refers to at that moment
 * @param rows rows of the table
 * @param withoutReference rows in which a column of the reference is null
 * @param orphans rows that refer to a row that is not there
 * @param orphanValues to how many different rows those refer
 * @param shared rows beyond the first that refer to one row
 * @param ambiguous rows that refer to more than one row
 */
public record ReferenceReport(
    LakeReference reference,
    TableMoment table,
    TableMoment referenced,
    long rows,
    long withoutReference,
    long orphans,
    long orphanValues,
    long shared,
    long ambiguous) {

  /** Rows that stand against the cardinality, orphans apart. */
  public long cardinalityBreaks() {
    Cardinality cardinality = reference.cardinality();
    long breaks = ambiguous;
    breaks +=
        switch (cardinality) {
          case ONE_TO_ONE, MANY_TO_ONE -> withoutReference;
          case ONE_TO_ZERO, MANY_TO_ZERO -> 0;
        };
    breaks +=
        switch (cardinality) {
          case ONE_TO_ONE, ONE_TO_ZERO -> shared;
          case MANY_TO_ONE, MANY_TO_ZERO -> 0;
        };
    return breaks;
  }

  /** Whether every row refers as the relationship says. */
  public boolean holds() {
    return orphans == 0 && cardinalityBreaks() == 0;
  }
}
