package io.datamirror.job;

import io.datamirror.commit.OnLakeAhead;
import io.datamirror.source.SourceSettings;
import java.io.Serializable;

/**
 * How a mirror runs, apart from what it mirrors.
 *
 * @param source how the source is read
 * @param bundleBytes how much memory the folded changes of one subtask may hold before they are
 *     written
 * @param onLakeAhead what to do when the lake is ahead of the savepoint
 */
public record JobSettings(SourceSettings source, long bundleBytes, OnLakeAhead onLakeAhead)
    implements Serializable {

  private static final long DEFAULT_BUNDLE_BYTES = 64L << 20;

  /** The usual settings of a mirror that reads so far. */
  public static JobSettings of(SourceSettings.Until until) {
    return new JobSettings(SourceSettings.of(until), DEFAULT_BUNDLE_BYTES, OnLakeAhead.REFUSE);
  }

  public JobSettings withOnLakeAhead(OnLakeAhead policy) {
    return new JobSettings(source, bundleBytes, policy);
  }

  public JobSettings withSource(SourceSettings changed) {
    return new JobSettings(changed, bundleBytes, onLakeAhead);
  }

  public JobSettings withBundleBytes(long bytes) {
    return new JobSettings(source, bytes, onLakeAhead);
  }
}
