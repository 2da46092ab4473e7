package io.datamirror.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * The readers, as those who are spoken to: what it has to tell them waits until they surely hear.
 *
 * <p>Flink fails a task, and so the job, that has ended when something is said to it. A savepoint
 * that ends a job looks like any other checkpoint here. So from every checkpoint on a reader is
 * told nothing until it says that it goes on: what was said before the checkpoint reaches it before
 * its part of the checkpoint, and a reader that is being stopped does not go on after its part.
 */
final class Audience {

  private final SplitEnumeratorContext<MirrorSplit> context;
  private final NavigableSet<Long> checkpoints = new TreeSet<>();
  private final Map<Integer, Long> goesOnAfter = new HashMap<>();
  private final Map<Integer, List<String>> known = new HashMap<>();
  private final Map<Integer, Long> watermarks = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();

  Audience(SplitEnumeratorContext<MirrorSplit> context) {
    this.context = context;
  }

  void checkpointBegins(long checkpointId) {
    checkpoints.add(checkpointId);
  }

  /** Who goes on after this one has gone on after those before it. */
  void checkpointCompleted(long checkpointId) {
    checkpoints.headSet(checkpointId).clear();
  }

  /** Nobody ends after a checkpoint that came to nothing. */
  void checkpointAborted(long checkpointId) {
    checkpoints.remove(checkpointId);
  }

  /** A reader begins, after every checkpoint until now, and knows nothing. */
  void started(int reader) {
    known.remove(reader);
    watermarks.remove(reader);
    ended.remove(reader);
    goesOnAfter.put(reader, checkpoints.isEmpty() ? Long.MIN_VALUE : checkpoints.last());
  }

  /** A reader reads on after its part of this checkpoint. */
  void goesOn(int reader, long checkpointId) {
    goesOnAfter.merge(reader, checkpointId, Math::max);
  }

  /** Whether a reader surely hears what it is told now. */
  boolean hears(int reader) {
    return context.registeredReaders().containsKey(reader)
        && !ended.contains(reader)
        && (checkpoints.isEmpty()
            || goesOnAfter.getOrDefault(reader, Long.MIN_VALUE) >= checkpoints.last());
  }

  /** Gives a split to a reader that hears. */
  void assign(MirrorSplit split, int reader) {
    context.assignSplit(split, reader);
  }

  /** Tells a reader that hears that no splits are left; it ends, and is told nothing more. */
  void end(int reader) {
    context.signalNoMoreSplits(reader);
    ended.add(reader);
  }

  /** It is known that a reader has read these splits; told with {@link #tellKnown}. */
  void known(int reader, List<Finished> finished) {
    List<String> ids = known.computeIfAbsent(reader, key -> new ArrayList<>());
    finished.forEach(split -> ids.add(split.splitId()));
  }

  /** Tells every reader that hears what is known of it. */
  void tellKnown() {
    List<Integer> hearing = known.keySet().stream().filter(this::hears).toList();
    for (int reader : hearing) {
      context.sendEventToSourceReader(reader, new EnumeratorEvent.Known(known.remove(reader)));
    }
  }

  /** Tells the watermark to every reader that hears and was told another one, or none. */
  void tellWatermark(long millis) {
    for (int reader : context.registeredReaders().keySet()) {
      if (hears(reader) && !Long.valueOf(millis).equals(watermarks.put(reader, millis))) {
        context.sendEventToSourceReader(reader, new EnumeratorEvent.Watermark(millis));
      }
    }
  }
}
