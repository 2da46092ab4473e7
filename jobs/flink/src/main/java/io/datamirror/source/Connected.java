package io.datamirror.source;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * The readers that have a connection to the source, and so may be given splits: no more than the
 * spec allows. The job is built with no more readers, but Flink may be told to run more of them. A
 * reader keeps its connection between two splits.
 */
final class Connected {

  private final SplitEnumeratorContext<MirrorSplit> context;
  private final int most;
  private final Set<Integer> readers = new HashSet<>();

  /** Splits of a checkpoint that some reader will begin with. */
  private final Set<String> unclaimed = new HashSet<>();

  Connected(SplitEnumeratorContext<MirrorSplit> context, int most, List<TableState> tables) {
    this.context = context;
    this.most = most;
    for (TableState table : tables) {
      table.outstanding().forEach(ticket -> unclaimed.add(ticket.splitId()));
    }
  }

  /** Whether a reader is one of them, or may become one. */
  boolean mayServe(int reader) {
    return context.currentParallelism() <= most
        || readers.contains(reader)
        || readers.size() + unclaimed.size() < most;
  }

  /** A reader is given a split. */
  void serve(int reader) {
    readers.add(reader);
  }

  /** A reader begins, perhaps with splits. */
  void started(int reader, ReaderEvent.Started started) {
    started.reading().forEach(ticket -> unclaimed.remove(ticket.splitId()));
    started.finished().forEach(split -> unclaimed.remove(split.splitId()));
    if (!started.reading().isEmpty()) {
      readers.add(reader);
    }
  }

  /** A reader failed, and its connection is closed. */
  void failed(int reader) {
    readers.remove(reader);
  }
}
