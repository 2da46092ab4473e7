package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.LakeStart;
import io.datamirror.source.RecallPlanner;
import io.datamirror.source.Recaller;
import io.datamirror.spec.SecretSource;
import io.datamirror.stream.MirrorRecord.Recall;
import java.io.IOException;
import java.util.List;

/** Recalls a mirror's keys from its lake, wherever it is asked to. */
public final class LakeRecall implements RecallPlanner, Recaller {

  private static final long serialVersionUID = 1L;

  private final MirrorPlan plan;
  private transient LakeCatalog planning;

  public LakeRecall(MirrorPlan plan) {
    this.plan = plan;
  }

  @Override
  public LakeStart start(TablePlan table) throws IOException {
    try {
      if (planning == null) {
        planning = openCatalog();
      }
      return new TableRecall(planning).start(table);
    } catch (MirrorException e) {
      throw retriable(e);
    }
  }

  @Override
  public Reading open(TablePlan table, byte[] task, long skip) throws IOException {
    LakeCatalog catalog = openCatalog();
    try {
      return new OverCatalog(catalog, new TableRecall(catalog).open(table, task, skip));
    } catch (IOException | RuntimeException e) {
      catalog.close();
      throw e;
    }
  }

  private LakeCatalog openCatalog() {
    return LakeCatalog.open(plan.spec().lake(), SecretSource.ofProcess());
  }

  /** A catalog that does not answer may do so later; everything else stays as it is. */
  private static IOException retriable(MirrorException failure) {
    if (failure.code() == ErrorCode.LAKE_UNREACHABLE) {
      return new IOException("the lake does not answer", failure);
    }
    throw failure;
  }

  @Override
  public void close() {
    if (planning != null) {
      planning.close();
      planning = null;
    }
  }

  /** A reading that has its catalog to itself. */
  private record OverCatalog(LakeCatalog catalog, Reading reading) implements Reading {

    @Override
    public List<Recall> next(int most) throws IOException {
      return reading.next(most);
    }

    @Override
    public void close() throws IOException {
      try {
        reading.close();
      } finally {
        catalog.close();
      }
    }
  }
}
