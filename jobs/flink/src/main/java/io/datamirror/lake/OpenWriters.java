package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.io.FileWriter;

/**
 * The writers of one kind, one a partition.
 *
 * <p>An open writer costs buffers, so there are only so many. Rows of further partitions wait in
 * memory until they are drained or too many: then each of these partitions gets one file, one after
 * the other. So rows may come in any order of their partitions, as those of a backfill do.
 *
 * @param <R> what a writer leaves behind
 */
final class OpenWriters<R> {

  private static final int MOST_OPEN = 50;

  private final Function<byte[], FileWriter<RowData, R>> open;
  private final Waiting<R> form;
  private final WaitingRows rows;
  private final Map<ByteBuffer, FileWriter<RowData, R>> writers = new LinkedHashMap<>();
  private final Map<ByteBuffer, LongStream.Builder> waiting = new LinkedHashMap<>();
  private final List<R> results = new ArrayList<>();
  private RowDataSerializer copies;
  private FileWriter<RowData, R> last;
  private byte[] lastPartition;

  /**
   * How rows wait.
   *
   * @param open opens a file for rows that have waited
   * @param of what is kept of a row
   * @param type of what is kept
   */
  record Waiting<R>(
      Function<byte[], FileWriter<RowData, R>> open, UnaryOperator<RowData> of, RowType type) {}

  /**
   * Writers of rows that wait as they are.
   *
   * @param rowType of the rows that are written
   * @param rows where rows wait
   */
  OpenWriters(Function<byte[], FileWriter<RowData, R>> open, RowType rowType, WaitingRows rows) {
    this(open, new Waiting<>(open, row -> row, rowType), rows);
  }

  /**
   * @param form how rows wait
   * @param rows where rows wait
   */
  OpenWriters(Function<byte[], FileWriter<RowData, R>> open, Waiting<R> form, WaitingRows rows) {
    this.open = open;
    this.form = form;
    this.rows = rows;
  }

  void write(RowData row, byte[] partition) {
    // Partitions come from a cache: mostly the same array again.
    if (partition != lastPartition) {
      last = writer(partition);
      lastPartition = partition;
    }
    if (last == null) {
      letWait(row, partition);
    } else {
      last.write(row);
    }
  }

  /** The writer of a partition, or null where its rows have to wait. */
  private FileWriter<RowData, R> writer(byte[] partition) {
    ByteBuffer key = ByteBuffer.wrap(partition);
    FileWriter<RowData, R> writer = writers.get(key);
    if (writer == null && writers.size() < MOST_OPEN) {
      writer = open.apply(partition);
      writers.put(key, writer);
    }
    return writer;
  }

  private void letWait(RowData row, byte[] partition) {
    if (copies == null) {
      copies = new RowDataSerializer(form.type());
    }
    long place = rows.add(this, copies.toBinaryRow(form.of().apply(row)));
    waiting.computeIfAbsent(ByteBuffer.wrap(partition), none -> LongStream.builder()).add(place);
  }

  /** Writes the rows that wait, one partition after the other. */
  void writeWaiting() {
    waiting.forEach(
        (partition, places) -> {
          FileWriter<RowData, R> writer = form.open().apply(partition.array());
          // Known before the first row: whoever gives up closes it with the others.
          writers.put(partition, writer);
          places.build().forEach(place -> writer.write(rows.row(place)));
          close(writer);
          writers.remove(partition);
        });
    forgetWaiting();
  }

  /** Lets go of the rows that wait. */
  void forgetWaiting() {
    waiting.clear();
    rows.release(this);
  }

  boolean untouched() {
    return writers.isEmpty() && waiting.isEmpty() && results.isEmpty();
  }

  /** Closes the writers that are open; what they leave behind waits for the next drain. */
  void complete() {
    writers.values().forEach(this::close);
    writers.clear();
    last = null;
    lastPartition = null;
  }

  /** Closes all writers and forgets them; what they left behind since the last drain. */
  List<R> drain() {
    writeWaiting();
    complete();
    List<R> drained = List.copyOf(results);
    results.clear();
    return drained;
  }

  private void close(FileWriter<RowData, R> writer) {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    results.add(writer.result());
  }
}
