package io.datamirror.source;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What a reader tells the enumerator. Such events may be lost when a job goes back to a checkpoint;
 * so a reader keeps what it finished until {@link EnumeratorEvent.Known} says that it arrived, and
 * tells it again when it starts.
 */
sealed interface ReaderEvent extends SourceEvent {

  /** Splits were read to their end, and all of it was emitted. */
  record Read(List<Finished> finished) implements ReaderEvent {

    public Read {
      finished = List.copyOf(finished);
    }
  }

  /**
   * A reader begins, perhaps with what a checkpoint held.
   *
   * @param reading what it goes on reading
   * @param finished what it had read before, and does not know to be known
   */
  record Started(List<Ticket> reading, List<Finished> finished) implements ReaderEvent {

    public Started {
      reading = List.copyOf(reading);
      finished = List.copyOf(finished);
    }
  }

  /**
   * A reader reads on after its part of a checkpoint: this is not the savepoint that ends it.
   *
   * @see Audience
   */
  record GoesOn(long checkpointId) implements ReaderEvent {}
}
