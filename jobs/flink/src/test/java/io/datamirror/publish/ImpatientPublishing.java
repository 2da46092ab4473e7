package io.datamirror.publish;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.SecretSource;
import java.time.Duration;

/** Publishing that waits less long. */
public final class ImpatientPublishing {

  private static final Duration LONG = Duration.ofHours(1);

  private ImpatientPublishing() {}

  /** It gives up soon. */
  public static Publisher start(MirrorPlan plan, LakeCatalog catalog, Duration patience) {
    return start(plan, catalog, new Publishing.Pace(patience, LONG));
  }

  /** It looks at every table often. */
  public static Publisher looking(MirrorPlan plan, LakeCatalog catalog, Duration look) {
    return start(plan, catalog, new Publishing.Pace(LONG, look));
  }

  private static Publisher start(MirrorPlan plan, LakeCatalog catalog, Publishing.Pace pace) {
    return Publishing.start(plan, catalog, SecretSource.ofProcess(), failure -> {}, pace);
  }
}
