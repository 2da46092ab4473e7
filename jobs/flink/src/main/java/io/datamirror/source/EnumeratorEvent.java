package io.datamirror.source;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** What the enumerator tells a reader. */
sealed interface EnumeratorEvent extends SourceEvent {

  /** The mirror's watermark is now this. */
  record Watermark(long millis) implements EnumeratorEvent {}

  /** It is known that these splits were read. */
  record Known(List<String> splitIds) implements EnumeratorEvent {

    public Known {
      splitIds = List.copyOf(splitIds);
    }
  }
}
