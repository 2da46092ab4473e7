package io.datamirror.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.io.FileWriter;

/**
 * The writers of one kind that are open, one a partition.
 *
 * <p>A writer costs buffers, so the one that was used longest ago is closed when there are too
 * many; its partition gets another file when it comes again.
 *
 * @param <R> what a writer leaves behind
 */
final class OpenWriters<R> {

  private static final int MOST_OPEN = 50;

  private final Function<byte[], FileWriter<RowData, R>> open;
  private final Map<ByteBuffer, FileWriter<RowData, R>> writers =
      new LinkedHashMap<>(16, 0.75f, true);
  private final List<R> results = new ArrayList<>();
  private FileWriter<RowData, R> last;
  private byte[] lastPartition;

  OpenWriters(Function<byte[], FileWriter<RowData, R>> open) {
    this.open = open;
  }

  void write(RowData row, byte[] partition) {
    // Partitions come from a cache: mostly the same array again.
    if (partition != lastPartition) {
      last = writer(partition);
      lastPartition = partition;
    }
    last.write(row);
  }

  private FileWriter<RowData, R> writer(byte[] partition) {
    ByteBuffer key = ByteBuffer.wrap(partition);
    FileWriter<RowData, R> writer = writers.get(key);
    if (writer == null) {
      closeOldest();
      writer = open.apply(partition);
      writers.put(key, writer);
    }
    return writer;
  }

  boolean untouched() {
    return writers.isEmpty() && results.isEmpty();
  }

  /** Closes all writers and forgets them; what they left behind since the last drain. */
  List<R> drain() {
    writers.values().forEach(this::close);
    writers.clear();
    last = null;
    lastPartition = null;
    List<R> drained = List.copyOf(results);
    results.clear();
    return drained;
  }

  private void closeOldest() {
    if (writers.size() < MOST_OPEN) {
      return;
    }
    Iterator<FileWriter<RowData, R>> oldest = writers.values().iterator();
    close(oldest.next());
    oldest.remove();
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
