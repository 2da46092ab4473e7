package io.datamirror.lake;

import io.datamirror.feed.Identity;
import io.datamirror.plan.TablePlan;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateProperties;

/**
 * Which incarnation of its source a table of the lake holds.
 *
 * <p>A source table that was dropped and created again is read anew, which takes any number of
 * commits. Until one of them has a position the table holds the old incarnation, with parts of the
 * new one: whoever starts from such a lake has to read anew once more. So the new incarnation is
 * announced before, and counts once there is a position that the old one never had.
 */
final class SourceIdentity {

  private SourceIdentity() {}

  /** What the table holds; empty if nobody could tell. */
  static Identity of(Table table) {
    Map<String, String> properties = table.properties();
    String next = properties.getOrDefault(LakeKeys.NEXT_SOURCE_IDENTITY, "");
    return !next.isEmpty() && arrived(table)
        ? new Identity(next)
        : new Identity(properties.getOrDefault(LakeKeys.SOURCE_IDENTITY, ""));
  }

  /**
   * A position of the old incarnation may be committed again, with a later epoch. If the new one
   * happens to begin with the same, it counts from the next position on, and is read once more if
   * need be. A table that is taken back to an older epoch holds the old incarnation again.
   */
  private static boolean arrived(Table table) {
    Map<String, String> properties = table.properties();
    TableHistory history = TableHistory.of(table);
    long epoch = Long.parseLong(properties.getOrDefault(LakeKeys.NEXT_SOURCE_EPOCH, "0"));
    String position = properties.getOrDefault(LakeKeys.NEXT_SOURCE_POSITION, "");
    return history.positionEpoch() > epoch && !history.position().equals(position);
  }

  /** Whether a table holds nothing yet, so that it may begin with any incarnation. */
  static boolean empty(Table table) {
    return Fence.alone(table);
  }

  /** Whether the table holds something, and of another incarnation than the one to be read. */
  static boolean anew(Table table, TablePlan plan) {
    return !empty(table) && of(table).otherThan(plan.identity());
  }

  /** The table holds nothing of what was announced, and begins with another one. */
  static void forgetNext(UpdateProperties update) {
    update
        .remove(LakeKeys.NEXT_SOURCE_IDENTITY)
        .remove(LakeKeys.NEXT_SOURCE_EPOCH)
        .remove(LakeKeys.NEXT_SOURCE_POSITION);
  }

  /** Announces that the table is read anew from another incarnation. */
  static void announce(Table table, UpdateProperties update, Identity next) {
    TableHistory history = TableHistory.of(table);
    update
        .set(LakeKeys.SOURCE_IDENTITY, of(table).text())
        .set(LakeKeys.NEXT_SOURCE_IDENTITY, next.text())
        .set(LakeKeys.NEXT_SOURCE_EPOCH, String.valueOf(history.epoch()))
        .set(LakeKeys.NEXT_SOURCE_POSITION, history.position());
  }
}
