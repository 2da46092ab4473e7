package io.datamirror.job;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Identity;
import io.datamirror.files.SingleFile;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeHistory;
import io.datamirror.lake.TableHistory;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.OnBadRow;
import io.datamirror.spec.SecretSource;
import java.util.List;
import java.util.Optional;

/**
 * A file of changes for one table of a mirror, applied beside what its source says.
 *
 * <p>It runs as a start of the mirror, with the next generation, over that table alone. The same
 * law ranks its changes among those of the source. The table keeps its position, from which the
 * source goes on; the first row that cannot be applied stops it.
 *
 * @param table the table's name in the lake
 */
public record Upload(String table, SingleFile file) {

  /**
   * Makes it ready to start.
   *
   * @throws MirrorException if the table's changes are ranked by what a file cannot say, or would
   *     be taken back by the next start; nothing was touched then
   */
  public Launch prepare(MirrorSpec spec, SecretSource secrets) {
    TablePlan found = mirrored(Preparation.resolve(spec, secrets));
    if (found.layout().version().isEmpty()) {
      throw new MirrorException(
          ErrorCode.CONTRADICTION,
          table,
          "its changes are ranked by the warehouse's own commits, which a file has not",
          "Make the change in the warehouse, or declare a version in the spec and mirror the table"
              + " under another name.");
    }
    if (found.feed().resumesExactly()) {
      requirePosition(table, history(spec.lake(), secrets));
    }
    Launch launch = Preparation.prepare(spec, secrets);
    MirrorPlan plan = launch.plan();
    TablePlan mirrored = mirrored(plan.tables());
    TablePlan applied =
        new TablePlan(
            mirrored.spec().withOnBadRow(OnBadRow.STOP),
            file.feed(mirrored.spec(), mirrored.layout()),
            Identity.UNKNOWN);
    MirrorSpec single =
        new MirrorSpec(
            spec.mirror(),
            file.source(),
            plan.spec().lake(),
            plan.spec().publish(),
            List.of(applied.spec()));
    return new Launch(
        new MirrorPlan(single, List.of(applied), plan.generation()), launch.start().ofFile());
  }

  private Optional<TableHistory> history(LakeSpec lake, SecretSource secrets) {
    Optional<LakeCatalog> existing = LakeCatalog.existing(LakeCatalog.absolute(lake), secrets);
    if (existing.isEmpty()) {
      return Optional.empty();
    }
    try (LakeCatalog catalog = existing.get()) {
      return new LakeHistory(catalog).of(table);
    }
  }

  /**
   * Every start takes such a table back to its position, and one without a position to nothing: the
   * deletions of a file would go with the rest, and the rows come again.
   */
  static void requirePosition(String table, Optional<TableHistory> history) {
    if (history.map(TableHistory::position).orElse("").isEmpty()) {
      throw new MirrorException(
          ErrorCode.NO_POSITION_YET,
          table,
          "the lake is not complete to any position of its source yet, so that the next start reads"
              + " the table from its beginning and forgets what was applied",
          "Apply the file when the mirror has read the whole table once.");
    }
  }

  private TablePlan mirrored(List<TablePlan> tables) {
    return tables.stream().filter(known -> known.name().equals(table)).findFirst().orElseThrow();
  }

  /** The job of a launch that was made ready here. */
  public MirrorJob job(Launch launch, JobSettings settings, SecretSource secrets) {
    try (LakeCatalog catalog = LakeCatalog.open(launch.plan().spec().lake(), secrets)) {
      TableHistory history = TableHistory.of(catalog.load(table));
      // What was committed after the position belongs to none, and no commit may claim it.
      boolean complete = history.epoch() == history.positionEpoch();
      KeptPosition kept =
          new KeptPosition(complete ? history.position() : "", history.watermarkMillis());
      return new MirrorJob(launch, settings).keeping(kept);
    }
  }
}
