package io.datamirror.source;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A piece of work of one reader: a part of a window of changes, of a base table, or of the lake.
 */
public sealed interface MirrorSplit extends SourceSplit
    permits ChunkSplit, RecallSplit, SweepSplit {

  /** The table's name in the lake. */
  String table();

  /** How far the reading has come. */
  Reading reading();

  /** The same piece of work, read as far as {@code reading} says. */
  MirrorSplit at(Reading reading);

  /** The watermark of its table that holds until this is read. */
  long holdMillis();
}
