package io.datamirror.commit;

import io.datamirror.resolve.Counts;

/**
 * The files that one subtask wrote for one table in one flush, and what it counted.
 *
 * @param table the table's number
 * @param subtask the subtask that wrote them
 * @param dataFiles the data files, each as the lake's JSON form of a content file
 * @param deleteFiles the equality-delete files, likewise
 * @param counts outcomes of changes since the subtask's last part of this table
 * @param watermarkMillis the watermark that the subtask has forgotten keys of the table by, or
 *     {@link Long#MIN_VALUE}; of a table of the mirror's own, keys of any table since the job began
 */
public record Part(
    int table,
    int subtask,
    java.util.List<String> dataFiles,
    java.util.List<String> deleteFiles,
    Counts counts,
    long watermarkMillis) {

  public Part {
    dataFiles = java.util.List.copyOf(dataFiles);
    deleteFiles = java.util.List.copyOf(deleteFiles);
  }

  /**
   * Says that tombstones of a table were taken away: the table is to have the epoch in which they
   * are.
   */
  public static Part forgotten(int table, int subtask, long watermarkMillis) {
    return new Part(
        table, subtask, java.util.List.of(), java.util.List.of(), Counts.NONE, watermarkMillis);
  }

  /** Whether it is one of {@link #forgotten}. */
  boolean onlyForgotten() {
    return dataFiles.isEmpty() && deleteFiles.isEmpty() && counts.equals(Counts.NONE);
  }
}
