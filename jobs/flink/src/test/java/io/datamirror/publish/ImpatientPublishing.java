package io.datamirror.publish;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.SecretSource;
import java.time.Duration;

/** Publishing that gives up soon, or looks at its tables often. */
public final class ImpatientPublishing {

  private ImpatientPublishing() {}

  public static Publisher start(MirrorPlan plan, LakeCatalog catalog, Duration patience) {
    return start(plan, catalog, new Publishing.Pace(patience, Duration.ofHours(1)));
  }

  /**
   * @param look how long no table goes without being looked at
   */
  public static Publisher looking(MirrorPlan plan, LakeCatalog catalog, Duration look) {
    return start(plan, catalog, new Publishing.Pace(Duration.ofMinutes(1), look));
  }

  private static Publisher start(MirrorPlan plan, LakeCatalog catalog, Publishing.Pace pace) {
    return Publishing.start(plan, catalog, SecretSource.ofProcess(), failure -> {}, pace);
  }
}
