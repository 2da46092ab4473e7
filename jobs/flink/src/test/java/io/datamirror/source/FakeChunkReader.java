package io.datamirror.source;

import io.datamirror.change.ChangeAssembler;
import io.datamirror.change.ChangeSink;
import io.datamirror.change.Operation;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Resume;
import io.datamirror.ledger.LedgerEntry;
import io.datamirror.ledger.LedgerReason;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads rows by position; a row whose note is {@code bad} is rejected. */
final class FakeChunkReader implements ChunkReader {

  private final FakeWarehouse warehouse;
  private final FakeFeed feed;
  private final long to;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private long at;
  private Resume resume;
  private ChangeAssembler assembler;

  FakeChunkReader(FakeWarehouse warehouse, FakeFeed feed, Chunk chunk, Resume resume) {
    this.warehouse = warehouse;
    this.feed = feed;
    this.at = Long.parseLong(resume.cursor().isEmpty() ? chunk.from() : resume.cursor());
    this.to = Long.parseLong(chunk.to());
    this.resume = resume;
  }

  @Override
  public int read(ChangeSink sink, int maxRows) throws SQLException {
    if (assembler == null) {
      assembler = new ChangeAssembler(feed.layout(), sink.row());
    }
    hang();
    int read = 0;
    List<FakeWarehouse.Row> rows = feed.data().rows;
    while (read < maxRows && at < to) {
      warehouse.mayFail("read");
      waitAtGate();
      synchronized (feed.data()) {
        deliver(rows.get((int) at), sink);
      }
      at++;
      read++;
      resume = new Resume(Long.toString(at), new long[0]);
    }
    return read;
  }

  private void hang() throws SQLException {
    CountDownLatch hang = feed.data().hang;
    if (hang == null) {
      return;
    }
    hang.countDown();
    try {
      cancelled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SQLException("cancelled", "57014");
  }

  private void waitAtGate() throws SQLException {
    if (at < feed.data().gateAt) {
      return;
    }
    try {
      while (!feed.data().gate.await(10, TimeUnit.MILLISECONDS)) {
        if (cancelled.getCount() == 0) {
          throw new SQLException("cancelled", "57014");
        }
      }
    } catch (InterruptedException e) {
      throw new SQLException("interrupted", "57014", e);
    }
  }

  private void deliver(FakeWarehouse.Row row, ChangeSink sink) {
    if (row.note().startsWith("bad")) {
      String text = "{" + row.note().substring(3) + "}";
      sink.reject(
          new LedgerEntry(
              feed.table(), LedgerReason.BAD_VALUE, "{}", null, null, null, text, "bad note"));
      return;
    }
    assembler.reset();
    assembler.writeLong(0, row.id());
    assembler.writeLong(1, row.version());
    byte[] note = row.note().getBytes(StandardCharsets.UTF_8);
    assembler.writeBytes(2, note, 0, note.length);
    assembler.writeLong(3, row.timeMillis());
    sink.change(
        Operation.UPSERT,
        assembler.key(),
        assembler.rank(Operation.UPSERT),
        assembler.timeMillis());
  }

  @Override
  public Resume resume() {
    return resume;
  }

  @Override
  public void cancel() {
    neverReturn(feed.data().cancelHangs);
    cancelled.countDown();
  }

  private static void neverReturn(CountDownLatch reached) {
    if (reached == null) {
      return;
    }
    reached.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    neverReturn(feed.data().closeHangs);
  }
}
