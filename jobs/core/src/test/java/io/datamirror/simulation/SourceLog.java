package io.datamirror.simulation;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.resolve.testing.Assembled;
import io.datamirror.resolve.testing.LawFold;
import io.datamirror.resolve.testing.Said;
import io.datamirror.resolve.testing.Shape;
import io.datamirror.resolve.testing.Shape.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The changes of one source table as they were committed there, out of the order of versions. */
final class SourceLog {

  private static final int MILLIS_PER_VERSION = 100;

  /** So that a key of a time series has several versions. */
  private static final int VERSIONS_PER_TIME = 4;

  private final Shape shape;
  private final int keys;
  private final List<LogEntry> entries = new ArrayList<>();
  private int head;
  private int nextVersion = 1;
  private long newestMillis;

  SourceLog(Shape shape, int keys) {
    this.shape = shape;
    this.keys = keys;
  }

  /** One commit unit more. */
  void append(Chance chance) {
    head++;
    for (int i = chance.between(1, 3); i > 0; i--) {
      Said said = chance.of(0.1) && !entries.isEmpty() ? again(chance) : say(chance);
      newestMillis = Math.max(newestMillis, said.timeMillis());
      entries.add(new LogEntry(head, shape.assemble(said), chance.of(0.03)));
    }
  }

  private Said again(Chance chance) {
    Said said = chance.pick(entries).change().said();
    return new Said(
        entries.size(),
        said.key(),
        said.version(),
        said.order(),
        said.operation(),
        said.timeMillis(),
        said.region(),
        said.payload());
  }

  private Said say(Chance chance) {
    nextVersion += chance.of(0.2) ? 0 : 1;
    int disorder = chance.of(0.5) ? 0 : chance.below(chance.of(0.4) ? 40 : 10);
    int version = Math.max(1, nextVersion - disorder);
    return new Said(
        entries.size(),
        chance.below(keys),
        version,
        shape.has(Trait.ORDERED) && chance.of(0.9) ? Long.valueOf(chance.below(3)) : null,
        chance.of(0.3) ? Operation.DELETE : Operation.UPSERT,
        (long) MILLIS_PER_VERSION * (version / VERSIONS_PER_TIME * VERSIONS_PER_TIME),
        "region " + chance.below(2),
        "payload " + chance.below(3));
  }

  /** The position of the newest commit unit; 0 for none. */
  int head() {
    return head;
  }

  /** The greatest time of a change so far. */
  long newestMillis() {
    return newestMillis;
  }

  LogEntry entry(int serial) {
    return entries.get(serial);
  }

  /** The rows after {@code from} and up to {@code to}. */
  List<LogEntry> between(int from, int to) {
    List<LogEntry> rows = new ArrayList<>();
    for (LogEntry entry : entries) {
      if (entry.position() > from && entry.position() <= to) {
        rows.add(entry);
      }
    }
    return rows;
  }

  /** The winners of the log up to a position, but for what was too late to count. */
  Map<KeyId, Assembled> fold(int position, Set<Integer> late) {
    LawFold law = new LawFold(shape.layout().tie());
    for (LogEntry entry : entries) {
      if (entry.position() <= position && !entry.poison() && !late.contains(entry.serial())) {
        law.add(entry.change());
      }
    }
    return law.winners();
  }

  Shape shape() {
    return shape;
  }
}
