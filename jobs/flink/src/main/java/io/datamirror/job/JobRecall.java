package io.datamirror.job;

import io.datamirror.change.ChangeLayout;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.error.Problem;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeFailure;
import io.datamirror.lake.LakeKeys;
import io.datamirror.lake.LakeRecall;
import io.datamirror.lake.OwnTable;
import io.datamirror.lake.RecallReader;
import io.datamirror.lake.RecallStart;
import io.datamirror.lake.SchemaFollower;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.LakeStart;
import io.datamirror.source.RecallPlanner;
import io.datamirror.source.Recaller;
import io.datamirror.source.SchemaKeeper;
import io.datamirror.spec.LakeSpec;
import io.datamirror.stream.LakeRow;
import io.datamirror.stream.MirrorRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gives the source what the lake knows. The catalog is opened once where it is asked, and again
 * when it has failed.
 */
final class JobRecall implements RecallPlanner, Recaller, SchemaKeeper {

  private static final long serialVersionUID = 1L;

  private final LakeSpec lake;
  private final long generation;
  private final String onlyCommit;
  private final ConcurrentMap<String, String> told = new ConcurrentHashMap<>();
  private final SharedCatalog catalogs;

  /**
   * @param generation the start of the mirror that this is for
   */
  JobRecall(LakeSpec lake, long generation) {
    this(lake, generation, "");
  }

  private JobRecall(LakeSpec lake, long generation, String onlyCommit) {
    this.lake = lake;
    this.catalogs = new SharedCatalog(lake);
    this.generation = generation;
    this.onlyCommit = onlyCommit;
  }

  /**
   * The same for a job that has no checkpoints and commits once, by this name. Should it lose its
   * job manager it is run again from the beginning, and what it reads then is not what it read
   * before.
   */
  JobRecall committingOnce(String commitId) {
    return new JobRecall(lake, generation, commitId);
  }

  @Override
  public JobRecall own() {
    return new JobRecall(lake, generation, onlyCommit);
  }

  @Override
  public LakeStart start(TablePlan table) {
    return use(
        catalog -> {
          requireNotCommitted(catalog, table.name());
          RecallStart start = reading(table, () -> new LakeRecall(catalog).start(table));
          Optional<Position> position =
              start.position().isEmpty()
                  ? Optional.empty()
                  : Optional.of(new Position(start.position()));
          return new LakeStart(position, start.identity(), start.watermarkMillis(), start.tasks());
        });
  }

  /**
   * A second attempt would find the tables that the first one has committed, and leave out what it
   * has read of them since; the tombstones of the others would be those of the first.
   */
  private void requireNotCommitted(LakeCatalog catalog, String table) {
    List<String> tables =
        List.of(OwnTable.TOMBSTONES.tableName(), OwnTable.LEDGER.tableName(), table);
    for (String name : onlyCommit.isEmpty() ? List.<String>of() : tables) {
      if (onlyCommit.equals(catalog.load(name).properties().get(LakeKeys.COMMIT_ID))) {
        throw new MirrorException(
            ErrorCode.BEGUN_ANEW,
            table,
            "the job was run again from its beginning, after it had committed to " + name,
            "Start the mirror again: it goes on from what is in the lake.");
      }
    }
  }

  @Override
  public Optional<SchemaKeeper> schemaKeeper() {
    return Optional.of(this);
  }

  @Override
  public Optional<Problem> follow(TablePlan table, ChangeLayout layout, int arity) {
    return use(catalog -> new SchemaFollower(catalog, generation).follow(table, layout, arity));
  }

  @Override
  public void readAnew(TablePlan table, Identity now) {
    change(follower -> follower.readAnew(table, now));
  }

  /**
   * What an attempt before this one has told is not known here: the first time is never left out.
   */
  @Override
  public void stopped(TablePlan table, String reason) {
    if (!reason.equals(told.get(table.name()))) {
      change(follower -> follower.stopped(table, reason));
      told.put(table.name(), reason);
    }
  }

  private void change(Consumer<SchemaFollower> change) {
    use(
        catalog -> {
          change.accept(new SchemaFollower(catalog, generation));
          return true;
        });
  }

  /** The lake may be out of reach for a while, as a source may. */
  private static <T> T reading(TablePlan table, Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      throw LakeFailure.reading(e, table.name());
    }
  }

  private <T> T use(Function<LakeCatalog, T> question) {
    SharedCatalog.Lent lent = catalogs.lend();
    try {
      return lent.use(question);
    } finally {
      lent.giveBack();
    }
  }

  /** A question or a part may be on its way: the catalog is closed by whoever comes last. */
  @Override
  public void close() {
    catalogs.close();
  }

  @Override
  public Recaller.Reading open(TablePlan table, byte[] task, long skip) {
    return new Part(reader(table, task, skip));
  }

  @Override
  public Recaller.Rows openRows(TablePlan table, byte[] task, OptionalLong order) {
    return new Rows(reader(table, task, 0), order);
  }

  private LentReader reader(TablePlan table, byte[] task, long skip) {
    SharedCatalog.Lent lent = catalogs.lend();
    try {
      return new LentReader(
          table,
          lent,
          lent.use(
              catalog -> reading(table, () -> new LakeRecall(catalog).open(table, task, skip))));
    } catch (RuntimeException e) {
      lent.giveBack();
      throw e;
    }
  }

  /** A reader that uses the catalog until it is closed. */
  private record LentReader(TablePlan table, SharedCatalog.Lent lent, RecallReader reader)
      implements AutoCloseable {

    <T> T read(Function<RecallReader, T> next) {
      return lent.use(catalog -> reading(table, () -> next.apply(reader)));
    }

    @Override
    public void close() {
      try {
        reader.close();
      } finally {
        lent.giveBack();
      }
    }
  }

  private record Rows(LentReader reader, OptionalLong order) implements Recaller.Rows {
    @Override
    public List<LakeRow> next(int max) {
      return reader.read(rows -> rows.rows(max, order));
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private record Part(LentReader reader) implements Recaller.Reading {
    @Override
    public List<MirrorRecord.Recall> next(int max) {
      return reader.read(part -> part.next(max));
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
