package io.datamirror.source;

import io.datamirror.stream.MirrorRecord;
import java.util.List;

/**
 * What a reader read at a time. It is emitted as a whole, so that no barrier falls inside.
 *
 * @param records what is emitted, in order
 * @param rows how many rows of the source, or of the lake, they come from
 * @param rejects how many of them could not be applied
 * @param after how far the reading has come with them
 */
record Batch(List<MirrorRecord> records, int rows, int rejects, Reading after) {

  boolean last() {
    return after.step() == Reading.Step.DONE;
  }
}
