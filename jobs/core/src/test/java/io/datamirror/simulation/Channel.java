package io.datamirror.simulation;

import java.util.ArrayDeque;

/** Messages of one sender to one receiver, in order. */
final class Channel {

  final ArrayDeque<Message> messages = new ArrayDeque<>();
  boolean blocked;

  void send(Message message) {
    messages.add(message);
  }
}
