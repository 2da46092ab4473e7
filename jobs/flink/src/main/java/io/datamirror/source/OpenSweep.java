package io.datamirror.source;

import io.datamirror.change.KeyId;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.plan.TablePlan;
import io.datamirror.resolve.Memory;
import io.datamirror.stream.LakeRow;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecord.Change;
import io.datamirror.stream.MirrorRecord.Progress.Step;
import io.datamirror.stream.MirrorRecord.Recall;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the rows of the lake that a base table no longer has, and emits their deletions.
 *
 * <p>Each deletion is of the version that the row has, and of the order of the snapshot if that has
 * one: by the law it removes that row, and loses to every change that is newer, whichever comes
 * first. So it does not matter when the base table is read for it, beside what else is going on, or
 * how often. What the lake knows of the row comes with it: its key may have been forgotten, and the
 * row is removed from where it is.
 *
 * <p>Keys stand in files, and only as many of them are held at once as fit in memory.
 */
final class OpenSweep implements OpenSplit {

  /** So many keys are looked for in one reading of the lake. */
  private static final int MOST_KEYS = 1_000_000;

  private final SweepSplit split;
  private final TablePlan table;
  private final Recaller recaller;
  private final int batchRows;
  private final OptionalLong order;
  private final BaseKeys base;
  private final KeyFiles inBase;
  private final KeyFiles inLake;
  private final Set<KeyId> gone = new HashSet<>();
  private Stage stage = Stage.BASE;
  private int nextFile;
  private int nextTask;
  private Recaller.Rows rows;
  private boolean begun;
  private long emitted;

  private enum Stage {
    BASE,
    LAKE_KEYS,
    DELETIONS
  }

  OpenSweep(SweepSplit split, TablePlan table, Recaller recaller, Connection source, Limits limits)
      throws SQLException, IOException {
    this.split = split;
    this.table = table;
    this.recaller = recaller;
    this.batchRows = limits.batchRows();
    this.order = table.feed().snapshotOrder(split.frame().bounds().to());
    this.base = new BaseKeys(table, source, split.frame().bounds().to(), limits);
    this.inBase = new KeyFiles(table.number());
    this.inLake = new KeyFiles(table.number());
  }

  @Override
  public Begin begin() {
    return Begin.ANEW;
  }

  /** How much is read at once. */
  record Limits(int batchRows, int fetchSize, long chunkRows) {}

  @Override
  public Batch next() throws SQLException, IOException {
    List<MirrorRecord> records = new ArrayList<>();
    if (!begun) {
      begun = true;
      records.add(progress(Step.BEGUN));
    }
    boolean end =
        switch (stage) {
          case BASE -> readBase();
          case LAKE_KEYS -> readLakeKeys();
          case DELETIONS -> emitDeletions(records);
        };
    if (end) {
      records.add(progress(Step.DONE));
    }
    Reading.Step step = end ? Reading.Step.DONE : Reading.Step.BEGUN;
    Reading after = new Reading(step, Resume.START, emitted, Long.MIN_VALUE);
    return new Batch(records, 0, 0, after);
  }

  private boolean readBase() throws SQLException, IOException {
    if (!base.next(batchRows, inBase)) {
      inBase.seal();
      stage = Stage.LAKE_KEYS;
    }
    return false;
  }

  private boolean readLakeKeys() throws IOException {
    List<LakeRow> found = nextRows();
    for (LakeRow row : found) {
      inLake.add(row.deletion().key());
    }
    if (found.isEmpty()) {
      inLake.seal();
      stage = Stage.DELETIONS;
      return !findGone();
    }
    return false;
  }

  /** Looks for the next keys that are gone; whether there are any. */
  private boolean findGone() throws IOException {
    gone.clear();
    nextTask = 0;
    while (nextFile < KeyFiles.FILES && gone.size() < MOST_KEYS) {
      Set<KeyId> keys = inLake.read(nextFile);
      keys.removeAll(inBase.read(nextFile));
      gone.addAll(keys);
      nextFile++;
    }
    return !gone.isEmpty();
  }

  private boolean emitDeletions(List<MirrorRecord> records) throws IOException {
    List<LakeRow> found = nextRows();
    for (LakeRow row : found) {
      if (gone.contains(row.deletion().key())) {
        records.add(now(row.present()));
        records.add(now(row.deletion()));
        emitted++;
      }
    }
    return found.isEmpty() && !findGone();
  }

  /** The next rows of the lake; empty at the end. */
  private List<LakeRow> nextRows() throws IOException {
    while (true) {
      if (rows == null) {
        if (nextTask == split.tasks().size()) {
          return List.of();
        }
        rows = recaller.openRows(table, split.tasks().get(nextTask++), order);
      }
      List<LakeRow> found = rows.next(batchRows);
      if (!found.isEmpty()) {
        return found;
      }
      closeRows();
    }
  }

  /** It is known as of this reading, however old the row is: so it is not late. */
  private Change now(Change row) {
    return new Change(row.key(), row.operation(), row.rank(), now(row.timeMillis()), row.row());
  }

  /** Nor is it forgotten before its deletion comes. */
  private Recall now(Recall row) {
    Memory memory = row.memory();
    return new Recall(
        row.key(), Memory.present(memory.rank(), memory.partition(), now(memory.timeMillis())));
  }

  private long now(long timeMillis) {
    return Math.max(timeMillis, split.frame().knownMillis());
  }

  private MirrorRecord.Progress progress(Step step) {
    return split.frame().progress(table.number(), step, split.index(), split.chunks());
  }

  @Override
  public void cancel() {
    base.cancel();
  }

  private void closeRows() throws IOException {
    if (rows != null) {
      Recaller.Rows closing = rows;
      rows = null;
      closing.close();
    }
  }

  @Override
  public void close() throws SQLException, IOException {
    try (inBase;
        inLake) {
      closeRows();
      base.close();
    }
  }

  /** Reads the keys of the base table, chunk by chunk. */
  private static final class BaseKeys {
    private final TablePlan table;
    private final Connection source;
    private final Limits limits;
    private final List<Chunk> chunks;
    private final BatchSink sink;
    private int nextChunk;
    private volatile ChunkReader reader;

    BaseKeys(TablePlan table, Connection source, Position at, Limits limits) throws SQLException {
      this.table = table;
      this.source = source;
      this.limits = limits;
      this.chunks = table.feed().snapshotChunks(source, at, limits.chunkRows());
      this.sink = new BatchSink(table);
    }

    /** Adds the next keys; false at the end. */
    boolean next(int most, KeyFiles keys) throws SQLException, IOException {
      if (reader == null) {
        if (nextChunk == chunks.size()) {
          return false;
        }
        reader =
            table.feed().open(source, chunks.get(nextChunk++), Resume.START, limits.fetchSize());
      }
      List<MirrorRecord> rows = new ArrayList<>();
      sink.begin(rows);
      int read = reader.read(sink, most);
      if (sink.rejects() > 0) {
        throw new MirrorException(
            ErrorCode.SNAPSHOT_IMPOSSIBLE,
            table.name(),
            "its base table has a row that cannot be read, so nobody knows which rows are gone",
            "Mend the row in the source, and start again.");
      }
      for (MirrorRecord row : rows) {
        keys.add(((Change) row).key());
      }
      if (read < most) {
        close();
      }
      return true;
    }

    void cancel() {
      ChunkReader running = reader;
      if (running != null) {
        running.cancel();
      }
    }

    void close() throws SQLException {
      ChunkReader closing = reader;
      reader = null;
      if (closing != null) {
        closing.close();
      }
    }
  }
}
