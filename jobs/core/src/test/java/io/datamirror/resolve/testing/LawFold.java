package io.datamirror.resolve.testing;

import io.datamirror.change.ChangeLayout.Tie;
import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.change.Rank;
import java.util.HashMap;
import java.util.Map;

/**
 * The oracle: per key, the change that the law's text calls the winner. It looks at what was said
 * and not at ranks; of them it takes the content hash alone, which the text leaves open.
 */
public final class LawFold {

  private final Map<KeyId, Assembled> winners;
  private final Tie tie;

  public LawFold(Tie tie) {
    this(tie, new HashMap<>());
  }

  private LawFold(Tie tie, Map<KeyId, Assembled> winners) {
    this.tie = tie;
    this.winners = winners;
  }

  public void add(Assembled change) {
    winners.merge(change.key(), change, (old, incoming) -> beats(incoming, old) ? incoming : old);
  }

  /** The winner of every key, whether it is an upsert or a delete. */
  public Map<KeyId, Assembled> winners() {
    return winners;
  }

  private boolean beats(Assembled challenger, Assembled holder) {
    Said left = challenger.said();
    Said right = holder.said();
    if (left.version() != right.version()) {
      return left.version() > right.version();
    }
    int orders = compareOrders(left.order(), right.order());
    if (orders != 0) {
      return orders > 0;
    }
    if (left.operation() != right.operation()) {
      return (left.operation() == Operation.DELETE) == (tie == Tie.DELETE_WINS);
    }
    return left.operation() == Operation.UPSERT
        && Long.compareUnsigned(
                Rank.contentHash(challenger.rank()), Rank.contentHash(holder.rank()))
            > 0;
  }

  private static int compareOrders(Long left, Long right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return left.compareTo(right);
  }
}
