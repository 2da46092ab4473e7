package io.datamirror.source;

import java.util.Objects;

/**
 * A part of what the lake knows of a table.
 *
 * @param table the table's name in the lake
 * @param index counts the parts from 0
 * @param task what to read, in the words of the {@link RecallPlanner}
 * @param reading how far the reading has come: its rows are skipped
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its id alone
public record RecallSplit(String table, int index, byte[] task, Reading reading)
    implements MirrorSplit {

  public RecallSplit {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(reading, "reading");
  }

  @Override
  public String splitId() {
    return table + "/recall/" + index;
  }

  @Override
  public RecallSplit at(Reading changed) {
    return new RecallSplit(table, index, task, changed);
  }

  /** Recalled keys have no time that a watermark could pass. */
  @Override
  public long holdMillis() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecallSplit that
        && splitId().equals(that.splitId())
        && java.util.Arrays.equals(task, that.task)
        && reading.equals(that.reading);
  }

  @Override
  public int hashCode() {
    return splitId().hashCode();
  }
}
