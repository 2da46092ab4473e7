package io.datamirror.resolve;

import io.datamirror.change.Operation;
import io.datamirror.change.Rank;

/**
 * The ordering law: per key, the change of the greatest {@link Rank} wins, and nothing else
 * decides.
 *
 * <p>The outcome is a maximum over a total order. So it is the same for any order of arrival, any
 * duplication, any batching and any parallelism.
 */
public final class OrderingLaw {

  private OrderingLaw() {}

  /**
   * Judges a change.
   *
   * @param remembered what is remembered of the key, or null when nothing is
   */
  public static Verdict judge(Memory remembered, Operation operation, byte[] rank) {
    if (remembered == null) {
      return switch (operation) {
        case UPSERT -> Verdict.INSERT;
        case DELETE -> Verdict.BURY;
      };
    }
    int comparison = Rank.compare(rank, remembered.rank());
    if (comparison == 0) {
      return Verdict.DUPLICATE;
    }
    if (comparison < 0) {
      return Verdict.SUPERSEDED;
    }
    return switch (operation) {
      case UPSERT -> winningUpsert(remembered, rank);
      case DELETE -> remembered.present() ? Verdict.REMOVE : Verdict.BURY;
    };
  }

  private static Verdict winningUpsert(Memory remembered, byte[] rank) {
    if (!remembered.present()) {
      return Verdict.INSERT;
    }
    boolean same = Rank.contentHash(rank) == Rank.contentHash(remembered.rank());
    return same ? Verdict.NO_OP : Verdict.REPLACE;
  }
}
