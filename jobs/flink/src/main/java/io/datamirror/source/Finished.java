package io.datamirror.source;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What a reader tells of a split that it has read to its end, or cannot read on.
 *
 * @param splitId its id
 * @param table the table's name in the lake
 * @param rows how many rows it had
 * @param maxTimeMillis the greatest time among them, or {@link Long#MIN_VALUE}
 * @param returned the split where its reading stands, if it is given back; else null
 */
record Finished(String splitId, String table, long rows, long maxTimeMillis, byte[] returned)
    implements Serializable {

  /** A split that was read to its end. */
  Finished(String splitId, String table, long rows, long maxTimeMillis) {
    this(splitId, table, rows, maxTimeMillis, null);
  }

  static Finished of(MirrorSplit split) {
    Reading reading = split.reading();
    return new Finished(
        split.splitId(),
        split.table(),
        reading.rows(),
        reading.maxTimeMillis(),
        reading.step() == Reading.Step.RETURNED ? bytes(split.at(reading.again())) : null);
  }

  private static byte[] bytes(MirrorSplit split) {
    try {
      return MirrorSplitSerializer.INSTANCE.serialize(split);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The split that is given back, if it is. */
  Optional<MirrorSplit> returnedSplit() {
    MirrorSplitSerializer format = MirrorSplitSerializer.INSTANCE;
    try {
      return returned == null
          ? Optional.empty()
          : Optional.of(format.deserialize(format.getVersion(), returned));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
