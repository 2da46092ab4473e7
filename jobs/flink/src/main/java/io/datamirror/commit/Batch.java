package io.datamirror.commit;

import java.util.List;

/**
 * Files of one table that are committed together: the removals reach only data of earlier batches.
 *
 * @param dataFiles as the lake's JSON form of a content file
 * @param deleteFiles likewise
 */
record Batch(List<String> dataFiles, List<String> deleteFiles) {

  Batch {
    dataFiles = List.copyOf(dataFiles);
    deleteFiles = List.copyOf(deleteFiles);
  }
}
