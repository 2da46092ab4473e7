package io.datamirror.commit;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import java.io.Serializable;
import java.util.function.Function;

/**
 * How a task opens the catalog of the lake. One that begins for the first time says at once what is
 * wrong. One that begins anew after a failure may find a catalog that is away, too.
 *
 * @param patience how long a task that begins anew tries
 */
public record Reopening(Patience patience) implements Serializable {

  /** For jobs that read on and on: an outage ends some time, and nobody should have to be awake. */
  public static final Reopening PATIENT = new Reopening(Patience.DEFAULT);

  /** For runs that have an end: whoever waits for that is told. */
  public static final Reopening BRIEF = new Reopening(new Patience(0, 100, 100));

  /**
   * Opens the catalog, and what the task needs of it.
   *
   * @param attempt counts the attempts of the task, from 0
   * @param use what is made of the catalog, and closes it from then on
   * @throws io.datamirror.error.MirrorException if it cannot be opened
   */
  public <T> T open(LakeSpec lake, int attempt, Function<LakeCatalog, T> use)
      throws InterruptedException {
    return attempt == 0
        ? opened(lake, use)
        : new Retrying(patience).call("lake catalog", "Opening", () -> opened(lake, use));
  }

  private static <T> T opened(LakeSpec lake, Function<LakeCatalog, T> use) {
    LakeCatalog catalog = LakeCatalog.open(lake, SecretSource.ofProcess());
    try {
      return use.apply(catalog);
    } catch (RuntimeException e) {
      catalog.close();
      throw e;
    }
  }
}
