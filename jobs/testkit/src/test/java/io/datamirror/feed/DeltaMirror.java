package io.datamirror.feed;

import io.datamirror.change.Operation;
import io.datamirror.feed.Collected.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A table as the ordering law makes it of changes, whatever their order and their number. */
final class DeltaMirror {

  private final List<String> key;
  private final Map<List<Object>, Change> winners = new HashMap<>();

  DeltaMirror(String... key) {
    this.key = List.of(key);
  }

  void apply(Collected changes) {
    if (!changes.rejected().isEmpty()) {
      throw new AssertionError(changes.rejected().toString());
    }
    changes.changes().forEach(this::apply);
  }

  private void apply(Change change) {
    List<Object> values = new ArrayList<>();
    key.forEach(name -> values.add(change.row().get(name)));
    // The same key, so that the rest of the text is the rank, byte by byte.
    winners.merge(values, change, (old, now) -> now.rank().compareTo(old.rank()) > 0 ? now : old);
  }

  /** The rows, each as its values' texts, in no particular order. */
  List<List<String>> rows() {
    return winners.values().stream()
        .filter(change -> change.operation() == Operation.UPSERT)
        .map(change -> change.row().values().stream().map(DeltaMirror::text).toList())
        .toList();
  }

  private static String text(Object value) {
    return Objects.toString(value, "NULL");
  }
}
