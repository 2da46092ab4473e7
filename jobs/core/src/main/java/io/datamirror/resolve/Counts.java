package io.datamirror.resolve;

/**
 * How many changes of one table had which outcome. Every change stands in exactly one count but
 * {@link #conflicts}, which counts on top.
 *
 * @param upserts rows added or replaced
 * @param deletes deletions applied, of keys in the table or not
 * @param superseded changes that lost against a greater one
 * @param noOps changes that would have written what is there, and repeated deliveries
 * @param late changes older than what may be forgotten
 * @param rejected changes that cannot be applied
 * @param conflicts upserts of equal version and order with other content
 */
public record Counts(
    long upserts,
    long deletes,
    long superseded,
    long noOps,
    long late,
    long rejected,
    long conflicts) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

  public Counts plus(Counts other) {
    return new Counts(
        upserts + other.upserts,
        deletes + other.deletes,
        superseded + other.superseded,
        noOps + other.noOps,
        late + other.late,
        rejected + other.rejected,
        conflicts + other.conflicts);
  }

  /** How many changes these are. */
  public long changes() {
    return upserts + deletes + superseded + noOps + late + rejected;
  }
}
