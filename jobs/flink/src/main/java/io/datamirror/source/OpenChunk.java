package io.datamirror.source;

import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Resume;
import io.datamirror.plan.TablePlan;
import io.datamirror.source.SourceSettings.Announced;
import io.datamirror.stream.MirrorRecord;
import io.datamirror.stream.MirrorRecord.Progress.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A chunk of a window that is being read, or the mere end of a window without chunks. */
final class OpenChunk implements OpenSplit {

  private static final long BATCH_BYTES = 4L << 20;
  private static final int FIRST_ROWS = 4;
  private static final int MOST_ROWS = 256;

  private final ChunkSplit split;
  private final TablePlan table;
  private final ChunkReader reader;
  private final SourceSettings settings;
  private final BatchSink sink;
  private final Begin begin;
  private Reading reading;
  private long rowBytes = BATCH_BYTES / FIRST_ROWS;

  /**
   * @param reader null when there is nothing to read
   * @param sink makes records of what is read
   * @param settings with how many rows go into a batch; fewer when they are large
   */
  OpenChunk(
      ChunkSplit split,
      TablePlan table,
      ChunkReader reader,
      BatchSink sink,
      SourceSettings settings) {
    this.split = split;
    this.table = table;
    this.reader = reader;
    this.settings = settings;
    this.sink = sink;
    this.reading = split.reading();
    this.begin = begin(split, reader);
  }

  private static Begin begin(ChunkSplit split, ChunkReader reader) {
    boolean readBefore = !split.reading().resume().cursor().isEmpty();
    boolean atStart = reader != null && reader.resume().cursor().isEmpty();
    return readBefore && atStart ? Begin.ANEW : Begin.WHERE_IT_WAS;
  }

  @Override
  public Begin begin() {
    return begin;
  }

  @Override
  public Batch next() throws SQLException {
    List<MirrorRecord> records = new ArrayList<>();
    if (reading.step() == Reading.Step.NEW || settings.announced() == Announced.EACH_BATCH) {
      records.add(progress(Step.BEGUN));
    }
    sink.begin(records);
    int rows = 0;
    boolean end = reader == null;
    while (!end && rows < settings.batchRows() && sink.bytes() < BATCH_BYTES) {
      int want = fitting(settings.batchRows() - rows);
      int read = reader.read(sink, want);
      rows += read;
      end = read < want;
      rowBytes = Math.max(1, sink.bytes() / Math.max(1, rows));
    }
    if (end) {
      records.add(progress(Step.DONE));
    }
    reading =
        new Reading(
            end ? Reading.Step.DONE : Reading.Step.BEGUN,
            reader == null ? Resume.START : reader.resume(),
            reading.rows() + rows,
            Math.max(reading.maxTimeMillis(), sink.maxTimeMillis()));
    return new Batch(records, rows, sink.rejects(), reading);
  }

  /** How many more rows fit into the batch, when they are as large as those before. */
  private int fitting(int most) {
    long rows = (BATCH_BYTES - sink.bytes()) / rowBytes;
    return (int) Math.max(1, Math.min(rows, Math.min(most, MOST_ROWS)));
  }

  private MirrorRecord.Progress progress(Step step) {
    return split.frame().progress(table.number(), step, split.index(), split.chunks());
  }

  @Override
  public void cancel() {
    if (reader != null) {
      reader.cancel();
    }
  }

  @Override
  public void close() throws SQLException {
    if (reader != null) {
      reader.close();
    }
  }
}
