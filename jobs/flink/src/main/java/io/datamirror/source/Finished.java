package io.datamirror.source;

import java.io.Serializable;

/**
 * What a reader tells of a split that it has read to its end.
 *
 * @param splitId its id
 * @param table the table's name in the lake
 * @param rows how many rows it had
 * @param maxTimeMillis the greatest time among them, or {@link Long#MIN_VALUE}
 */
record Finished(String splitId, String table, long rows, long maxTimeMillis)
    implements Serializable {

  static Finished of(MirrorSplit split) {
    Reading reading = split.reading();
    return new Finished(split.splitId(), split.table(), reading.rows(), reading.maxTimeMillis());
  }
}
