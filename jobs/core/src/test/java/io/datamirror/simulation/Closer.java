package io.datamirror.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Closes an epoch at every barrier and hands it over when the checkpoint is complete. */
final class Closer {

  private final World world;
  private final Job job;
  private final Inputs inputs;
  private final EpochModel epochs;
  private final Committer committer;
  private final TreeMap<Long, List<Committable>> closed = new TreeMap<>();

  Closer(World world, Job job, Checkpoint.CloserState state, List<Channel> channels) {
    this.world = world;
    this.job = job;
    this.inputs = job.inputs(channels);
    this.epochs = new EpochModel(world.settings, job.generation(), state.epochs());
    this.committer = new Committer(world, job.generation());
    committer.submit(state.pending());
  }

  Inputs inputs() {
    return inputs;
  }

  Committer committer() {
    return committer;
  }

  /** Does one thing, if there is one to do. */
  boolean step() {
    Message message = inputs.poll();
    if (message == null) {
      return false;
    }
    if (message instanceof Message.Progress progress) {
      epochs.add(progress);
    } else if (message instanceof Message.Written written) {
      epochs.add(written.part());
    } else if (message instanceof Message.Barrier barrier) {
      close(barrier.checkpoint());
    }
    return true;
  }

  private void close(long checkpoint) {
    List<Committable> epoch = epochs.close(world.clockMillis());
    world.trace.add("checkpoint %s closes %s commits", checkpoint, epoch.size());
    closed.computeIfAbsent(checkpoint, id -> new ArrayList<>()).addAll(epoch);
    job.acknowledge(checkpoint, new Checkpoint.CloserState(epochs.state(), pending()));
  }

  private List<Committable> pending() {
    List<Committable> pending = new ArrayList<>();
    if (!world.settings.has(Flaw.PENDING_NOT_KEPT)) {
      pending.addAll(committer.open());
      closed.values().forEach(pending::addAll);
    }
    return pending;
  }

  void checkpointCompleted(long checkpoint) {
    Map<Long, List<Committable>> ready = closed.headMap(checkpoint, true);
    ready.values().forEach(committer::submit);
    ready.clear();
  }

  boolean idle() {
    return closed.values().stream().allMatch(List::isEmpty) && committer.open().isEmpty();
  }
}
