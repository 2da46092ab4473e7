package io.datamirror.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The channels into one task, whose barriers are waited for one by one. */
final class Inputs {

  private static final long NONE = -1;

  private final List<Channel> channels;
  private final Chance chance;
  private final boolean aligned;
  private final Set<Long> ignored = new HashSet<>();
  private final List<Channel> ready = new ArrayList<>();
  private long aligning = NONE;
  private long newest = NONE;

  Inputs(List<Channel> channels, Chance chance, boolean aligned) {
    this.channels = channels;
    this.chance = chance;
    this.aligned = aligned;
  }

  /** The next message of some channel; a barrier when all channels have brought it. */
  Message poll() {
    ready.clear();
    for (Channel channel : channels) {
      if (!channel.blocked && !channel.messages.isEmpty()) {
        ready.add(channel);
      }
    }
    if (ready.isEmpty()) {
      return null;
    }
    Channel channel = chance.pick(ready);
    Message message = channel.messages.poll();
    return message instanceof Message.Barrier barrier ? arrive(channel, barrier) : message;
  }

  private Message arrive(Channel channel, Message.Barrier barrier) {
    long checkpoint = barrier.checkpoint();
    if (ignored.contains(checkpoint) || checkpoint < newest) {
      return poll();
    }
    newest = checkpoint;
    if (!aligned) {
      ignored.add(checkpoint);
      return barrier;
    }
    if (aligning != checkpoint) {
      // The one before was aborted, and some channels never bring it.
      unblock();
      aligning = checkpoint;
    }
    channel.blocked = true;
    if (channels.stream().allMatch(each -> each.blocked)) {
      unblock();
      return barrier;
    }
    return poll();
  }

  /** Barriers of an aborted checkpoint are not waited for any more. */
  void ignore(long checkpoint) {
    ignored.add(checkpoint);
    if (aligning == checkpoint) {
      unblock();
    }
  }

  private void unblock() {
    channels.forEach(channel -> channel.blocked = false);
    aligning = NONE;
  }
}
