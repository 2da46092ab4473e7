package io.datamirror.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was closed and is not known to be committed. It stays in every checkpoint until then, since
 * a restart must be able to commit it.
 *
 * <p>One thread at a time, but for {@link #committed}.
 */
final class PendingCommits {

  private final TreeMap<Long, List<Committable>> byCheckpoint = new TreeMap<>();
  private final List<Committable> underWay = new ArrayList<>();
  private final Set<Key> committed = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> committedEpochs = new ConcurrentHashMap<>();

  /**
   * @param committedEpochs as {@link #committedEpochs} of the state that is gone on from
   */
  PendingCommits(Map<String, Long> committedEpochs) {
    this.committedEpochs.putAll(committedEpochs);
  }

  private record Key(int table, long epoch) {
    static Key of(Committable committable) {
      return new Key(committable.table(), committable.epoch());
    }
  }

  /** What was closed for a checkpoint; it may be committed when the checkpoint is complete. */
  void add(long checkpoint, List<Committable> closed) {
    if (!closed.isEmpty()) {
      byCheckpoint.computeIfAbsent(checkpoint, id -> new ArrayList<>()).addAll(closed);
    }
  }

  /** What may be committed now that a checkpoint is complete, epoch by epoch. */
  List<List<Committable>> complete(long checkpoint) {
    var ready = byCheckpoint.headMap(checkpoint, true);
    List<List<Committable>> epochs = new ArrayList<>();
    ready.values().forEach(closed -> epochs.addAll(byEpoch(closed)));
    ready.values().forEach(underWay::addAll);
    ready.clear();
    return epochs;
  }

  /** Whether something waits for a checkpoint. */
  boolean waiting() {
    return !byCheckpoint.isEmpty();
  }

  /** A commit is in its table. Any thread. */
  void committed(Committable committable) {
    committedEpochs.merge(committable.name(), committable.epoch(), Math::max);
    committed.add(Key.of(committable));
  }

  /** The greatest epoch of each table that is known to be committed, by name. */
  Map<String, Long> committedEpochs() {
    return new TreeMap<>(committedEpochs);
  }

  /** Everything that is not known to be committed, in the order of epochs. */
  List<Committable> open() {
    underWay.removeIf(committable -> committed.remove(Key.of(committable)));
    List<Committable> open = new ArrayList<>(underWay);
    byCheckpoint.values().forEach(open::addAll);
    return open;
  }

  private static List<List<Committable>> byEpoch(List<Committable> committables) {
    TreeMap<Long, List<Committable>> epochs = new TreeMap<>();
    for (Committable committable : committables) {
      epochs.computeIfAbsent(committable.epoch(), epoch -> new ArrayList<>()).add(committable);
    }
    return new ArrayList<>(epochs.values());
  }
}
