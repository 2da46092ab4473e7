package io.datamirror.source;

import io.datamirror.plan.TablePlan;
import java.util.OptionalLong;

/** A lake that holds nothing, and is not asked for it. */
enum NothingRecalled implements Recaller {
  INSTANCE;

  @Override
  public Reading open(TablePlan table, byte[] task, long skip) {
    throw new AssertionError("asked for what is known of " + table.name());
  }

  @Override
  public Rows openRows(TablePlan table, byte[] task, OptionalLong order) {
    throw new AssertionError("asked for the rows of " + table.name());
  }
}
