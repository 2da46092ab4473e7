package io.datamirror.source;

import io.datamirror.connect.HeldConnection;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed.Snapshot;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.OnHistoryLost;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Opens splits where their reading stands, over the one connection of a reader. */
final class SplitOpener implements AutoCloseable {

  private final Map<String, TablePlan> tables;
  private final OnHistoryLost onHistoryLost;
  private final long generation;
  private final int fetchSize;
  private final SourceSettings settings;
  private final Recaller recaller;
  private final HeldConnection connection;
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

  SplitOpener(
      MirrorPlan plan, SourceSettings settings, Recaller recaller, HeldConnection connection) {
    this.tables =
        plan.tables().stream().collect(Collectors.toMap(TablePlan::name, Function.identity()));
    this.onHistoryLost = plan.spec().source().onHistoryLost();
    this.generation = plan.generation();
    this.fetchSize = plan.spec().source().fetchSize();
    this.settings = settings;
    this.recaller = recaller;
    this.connection = connection;
  }

  /** Lets go of what recalling keeps open. */
  @Override
  public void close() {
    recaller.close();
  }

  /**
   * This split was planned before the reading stood still: whether its rows are still there is
   * looked for before it is opened.
   */
  void doubt(MirrorSplit split) {
    doubtful.add(split.splitId());
  }

  /** Whether its rows are still to be looked for: what fails until then fails in looking. */
  boolean doubts(MirrorSplit split) {
    return doubtful.contains(split.splitId());
  }

  /** Whether the plan still has the table of this split. */
  boolean knows(MirrorSplit split) {
    return tables.containsKey(split.table());
  }

  /** Whether the table of this split has something that it could be read anew from. */
  boolean hasBase(MirrorSplit split) {
    return tables.get(split.table()).feed().snapshot() != Snapshot.NONE;
  }

  OpenSplit open(MirrorSplit split) throws SQLException, IOException {
    TablePlan table = tables.get(split.table());
    if (split instanceof RecallSplit recall) {
      Recaller.Reading source = recaller.open(table, recall.task(), recall.reading().rows());
      return new OpenRecall(recall, source, settings.batchRows());
    }
    if (split instanceof SweepSplit sweep) {
      // Its rows are deletions, of which only the key is read: that is the same in all layouts.
      TablePlan read = ofThisStart(sweep.frame()).map(revision -> revision.of(table)).orElse(table);
      return new OpenSweep(sweep, read, recaller, connection.get(), limits());
    }
    ChunkSplit chunk = (ChunkSplit) split;
    Optional<FeedRevision> revision = ofThisStart(chunk.frame());
    TablePlan read = revision.map(changed -> changed.of(table)).orElse(table);
    int arity = revision.map(FeedRevision::arity).orElse(table.layout().storedColumns().size());
    requireRows(read, chunk);
    BatchSink sink = new BatchSink(read, arity, absentMillis(table, chunk));
    return new OpenChunk(chunk, read, reader(read, chunk), sink, settings);
  }

  /** Asked until there is an answer: a source that was away may have been away for long. */
  private void requireRows(TablePlan table, ChunkSplit split) throws SQLException {
    if (doubtful.contains(split.splitId())) {
      if (split.readsChanges() && onHistoryLost != OnHistoryLost.CONTINUE) {
        table.feed().requireUnread(connection.get(), List.of(split.unread()));
      }
      doubtful.remove(split.splitId());
    }
  }

  /**
   * A row of a base table that does not say when it changed is known as of the reading, however far
   * the mirror is: it is not late. Where nothing is forgotten, no row needs a time.
   */
  private static long absentMillis(TablePlan table, ChunkSplit split) {
    boolean ofBase = split.chunk() != null && split.chunk().part() == Chunk.Part.SNAPSHOT;
    return ofBase && !table.forgetting().never() ? split.frame().knownMillis() : Long.MIN_VALUE;
  }

  /** What a window is read with; an earlier start's revision does not count. */
  private Optional<FeedRevision> ofThisStart(WindowFrame frame) {
    return Optional.ofNullable(frame.revision())
        .filter(revision -> revision.generation() == generation);
  }

  private OpenSweep.Limits limits() {
    return new OpenSweep.Limits(settings.batchRows(), fetchSize, settings.chunkRows());
  }

  private ChunkReader reader(TablePlan table, ChunkSplit split) throws SQLException {
    if (split.chunk() == null) {
      return null;
    }
    return table.feed().open(connection.get(), split.chunk(), split.reading().resume(), fetchSize);
  }
}
