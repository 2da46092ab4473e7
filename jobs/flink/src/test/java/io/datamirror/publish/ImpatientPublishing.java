package io.datamirror.publish;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.spec.SecretSource;
import java.time.Duration;

/** Publishing that gives up soon. */
public final class ImpatientPublishing {

  private ImpatientPublishing() {}

  public static Publisher start(MirrorPlan plan, LakeCatalog catalog, Duration patience) {
    return Publishing.start(plan, catalog, SecretSource.ofProcess(), failure -> {}, patience);
  }
}
