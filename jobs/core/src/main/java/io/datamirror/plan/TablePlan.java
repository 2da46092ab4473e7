package io.datamirror.plan;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.KeyId;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.resolve.Forgetting;
import io.datamirror.spec.TableSpec;
import java.io.Serializable;

/**
 * One table of a mirror after the source was asked: everything that a job needs to know of it.
 *
 * @param spec what the user wrote
 * @param feed how its changes are read
 * @param identity which incarnation of the source table the feed was resolved against
 */
public record TablePlan(TableSpec spec, Feed feed, Identity identity) implements Serializable {

  /** The table's name in the lake. */
  public String name() {
    return spec.name();
  }

  /** The table's number inside key identities. */
  public int number() {
    return KeyId.tableNumber(spec.name());
  }

  public ChangeLayout layout() {
    return feed.layout();
  }

  /** When what is remembered of the table's keys may go. */
  public Forgetting forgetting() {
    boolean timeInKey = layout().key().contains(layout().time());
    return spec.allowedLateness()
        .limit()
        .map(limit -> new Forgetting(limit.toMillis(), timeInKey))
        .orElse(Forgetting.NOTHING);
  }
}
