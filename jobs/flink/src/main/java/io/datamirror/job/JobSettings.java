package io.datamirror.job;

import io.datamirror.commit.OnLakeAhead;
import io.datamirror.source.SourceSettings;
import io.datamirror.stream.BundleLimit;
import java.io.Serializable;

/**
 * How a mirror runs, apart from what it mirrors.
 *
 * @param source how the source is read
 * @param bundle how much memory the folded changes of one subtask may hold before they are written
 * @param onLakeAhead what to do when the lake is ahead of the savepoint
 */
public record JobSettings(SourceSettings source, BundleLimit bundle, OnLakeAhead onLakeAhead)
    implements Serializable {

  /** The usual settings of a mirror that reads so far. */
  public static JobSettings of(SourceSettings.Until until) {
    return new JobSettings(SourceSettings.of(until), BundleLimit.SHARE_OF_HEAP, OnLakeAhead.REFUSE);
  }

  public JobSettings withOnLakeAhead(OnLakeAhead policy) {
    return new JobSettings(source, bundle, policy);
  }

  public JobSettings withSource(SourceSettings changed) {
    return new JobSettings(changed, bundle, onLakeAhead);
  }

  public JobSettings withBundleBytes(long bytes) {
    return new JobSettings(source, new BundleLimit(bytes), onLakeAhead);
  }
}
