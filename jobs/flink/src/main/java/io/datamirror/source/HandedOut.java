package io.datamirror.source;

import io.datamirror.feed.Feed.Unread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The splits of one table that are not read yet: who has them, and who may have them. No split is
 * handed out twice, though a failure may bring back one that was given back before.
 */
final class HandedOut {

  private final Deque<MirrorSplit> pending = new ArrayDeque<>();
  private final Map<String, Ticket> outstanding = new LinkedHashMap<>();

  HandedOut(Collection<MirrorSplit> pending, Collection<Ticket> outstanding) {
    this.pending.addAll(pending);
    outstanding.forEach(this::takenBy);
  }

  void add(MirrorSplit split) {
    pending.addLast(split);
  }

  /** The next split, now in the hands of a reader; null when there is none. */
  MirrorSplit take() {
    MirrorSplit split = pending.pollFirst();
    if (split != null) {
      outstanding.put(split.splitId(), Ticket.of(split));
    }
    return split;
  }

  /**
   * Some reader has it, from before. What it gave back after that counts no more: the rows that it
   * had read by then are lost with the failure.
   */
  void takenBy(Ticket ticket) {
    removePending(ticket.splitId());
    outstanding.put(ticket.splitId(), ticket);
  }

  /**
   * No reader has it any more, and it was not read. Of two copies, the one of which less was read
   * counts: what the other one was read on by is lost with the failure that brought this one.
   */
  void giveBack(MirrorSplit split) {
    outstanding.remove(split.splitId());
    pending.addFirst(
        removePending(split.splitId())
            .filter(other -> other.reading().rows() < split.reading().rows())
            .orElse(split));
  }

  private Optional<MirrorSplit> removePending(String splitId) {
    Optional<MirrorSplit> found =
        pending.stream().filter(split -> split.splitId().equals(splitId)).findFirst();
    found.ifPresent(pending::remove);
    return found;
  }

  /** Whether a reader had it: it was read. */
  boolean finish(String splitId) {
    return outstanding.remove(splitId) != null;
  }

  /** The windows that nobody began to read are complete to no position any more. */
  void removeLabels() {
    List<MirrorSplit> splits = new ArrayList<>(pending);
    pending.clear();
    splits.forEach(
        split -> pending.add(split instanceof ChunkSplit chunk ? chunk.withoutLabel() : split));
  }

  /** What is left to read of changes that no reader has; empty when there is nothing. */
  List<Unread> pendingChanges() {
    return pending.stream()
        .filter(ChunkSplit.class::isInstance)
        .map(ChunkSplit.class::cast)
        .filter(ChunkSplit::readsChanges)
        .map(ChunkSplit::unread)
        .toList();
  }

  /** Whether everything was read. */
  boolean none() {
    return pending.isEmpty() && outstanding.isEmpty();
  }

  /** How many splits are not read. */
  int open() {
    return pending.size() + outstanding.size();
  }

  int pendingCount() {
    return pending.size();
  }

  /** The watermark that must not be passed until all of this is read. */
  long holdMillis() {
    long hold = Long.MAX_VALUE;
    for (MirrorSplit split : pending) {
      hold = Math.min(hold, split.holdMillis());
    }
    for (Ticket ticket : outstanding.values()) {
      hold = Math.min(hold, ticket.holdMillis());
    }
    return hold;
  }

  List<MirrorSplit> pending() {
    return List.copyOf(pending);
  }

  List<Ticket> outstanding() {
    return List.copyOf(outstanding.values());
  }
}
