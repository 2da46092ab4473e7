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

  /** Whether there is nothing in it but that keys of the table were forgotten. */
  boolean onlyForgotten() {
    return dataFiles.isEmpty() && deleteFiles.isEmpty() && counts.equals(Counts.NONE);
  }
}
