package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.iceberg.BaseFileScanTask;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ContentFileParser;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.ScanTaskParser;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.ResidualEvaluator;
import org.apache.iceberg.util.JsonUtil;

/**
 * A part of what is recalled of a table: some of its files, or of its tombstones, with the deletes
 * that apply to them. Its bytes are kept in checkpoints.
 *
 * <p>Every commit leaves a file of deletes that applies to all data files before it. So each of
 * them is written once, and each data file says by bits which of them apply to it.
 *
 * <pre>
 * version 2: version:1 · kind · what follows is deflated: the names of files are much alike
 *            deletes:4 · each: JSON · runs:4 · each: files:4 · each: JSON · bits
 * version 1: version:1 · kind · files:4 · each: JSON of a file and its deletes; in no order
 * before JSON and bits stands their length:4
 * </pre>
 *
 * @param kind what the files hold
 * @param runs the files, as {@link LiveRows} reads them; they never change, nor does their order
 */
record RecallTask(Kind kind, List<List<FileScanTask>> runs) {

  private static final int VERSION = 2;
  private static final int DELETES_IN_EACH_FILE = 1;
  private static final ResidualEvaluator ALL_ROWS =
      ResidualEvaluator.unpartitioned(Expressions.alwaysTrue());

  /** What files hold; the names are part of the bytes. */
  enum Kind {
    ROWS,
    TOMBSTONES
  }

  /**
   * @param specs how the table is partitioned, and was
   */
  byte[] toBytes(Map<Integer, PartitionSpec> specs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream head = new DataOutputStream(bytes)) {
      head.writeByte(VERSION);
      head.writeUTF(kind.name());
      try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(head))) {
        writeRuns(specs, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void writeRuns(Map<Integer, PartitionSpec> specs, DataOutputStream out)
      throws IOException {
    Map<DeleteFile, Integer> numbers = writeDeletes(specs, out);
    out.writeInt(runs.size());
    for (List<FileScanTask> run : runs) {
      out.writeInt(run.size());
      for (FileScanTask file : run) {
        write(json(file.file(), specs), out);
        BitSet applying = new BitSet(numbers.size());
        file.deletes().forEach(deletes -> applying.set(numbers.get(deletes)));
        write(applying.toByteArray(), out);
      }
    }
  }

  /** Writes each file of deletes once; the numbers of all objects that stand for one. */
  private Map<DeleteFile, Integer> writeDeletes(
      Map<Integer, PartitionSpec> specs, DataOutputStream out) throws IOException {
    Map<DeleteFile, Integer> numbers = new IdentityHashMap<>();
    Map<String, Integer> distinct = new HashMap<>();
    List<byte[]> written = new ArrayList<>();
    runs.stream()
        .flatMap(List::stream)
        .flatMap(file -> file.deletes().stream())
        .filter(deletes -> !numbers.containsKey(deletes))
        .forEach(
            deletes -> {
              int number = distinct.computeIfAbsent(identity(deletes), none -> written.size());
              if (number == written.size()) {
                written.add(json(deletes, specs));
              }
              numbers.put(deletes, number);
            });
    out.writeInt(written.size());
    for (byte[] json : written) {
      write(json, out);
    }
    return numbers;
  }

  /** A file may hold the deletes of many data files, each at a place of its own. */
  private static String identity(DeleteFile deletes) {
    return deletes.contentOffset() + " " + deletes.location();
  }

  /** Which of the rows are in it was asked when the files were chosen. */
  private static byte[] json(
      ContentFile<? extends ContentFile<?>> file, Map<Integer, PartitionSpec> specs) {
    String json = ContentFileParser.toJson(file.copyWithoutStats(), specs.get(file.specId()));
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static void write(byte[] part, DataOutputStream out) throws IOException {
    out.writeInt(part.length);
    out.write(part);
  }

  /** What the files of a task hold. */
  static Kind kindOf(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      readVersion(in);
      return Kind.valueOf(in.readUTF());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param table that the files belong to
   */
  static RecallTask fromBytes(byte[] bytes, Table table) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = readVersion(in);
      Kind kind = Kind.valueOf(in.readUTF());
      return new RecallTask(
          kind,
          version == VERSION
              ? read(new DataInputStream(new InflaterInputStream(in)), table)
              : readWithDeletes(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int readVersion(DataInputStream in) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION && version != DELETES_IN_EACH_FILE) {
      throw new MirrorException(
          ErrorCode.SAVEPOINT_UNREADABLE,
          "recall",
          "what was still to be read from the lake is written in version "
              + version
              + ", by a later release; this one reads up to "
              + VERSION,
          "Go on with the release that wrote it, or start from the lake, without the savepoint");
    }
    return version;
  }

  private static List<List<FileScanTask>> read(DataInputStream in, Table table) throws IOException {
    DeleteFile[] deletes = new DeleteFile[in.readInt()];
    for (int i = 0; i < deletes.length; i++) {
      deletes[i] = (DeleteFile) contentFile(readText(in), table);
    }
    String schema = SchemaParser.toJson(table.schema());
    Map<Integer, String> specs = new HashMap<>();
    table.specs().forEach((id, spec) -> specs.put(id, PartitionSpecParser.toJson(spec)));
    List<List<FileScanTask>> runs = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int count = in.readInt();
      List<FileScanTask> run = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        DataFile file = (DataFile) contentFile(readText(in), table);
        DeleteFile[] applying =
            BitSet.valueOf(readPart(in)).stream()
                .mapToObj(number -> deletes[number])
                .toArray(DeleteFile[]::new);
        run.add(new BaseFileScanTask(file, applying, schema, specs.get(file.specId()), ALL_ROWS));
      }
      runs.add(run);
    }
    return runs;
  }

  private static ContentFile<?> contentFile(String json, Table table) {
    return JsonUtil.parse(json, node -> ContentFileParser.fromJson(node, table.specs()));
  }

  private static List<List<FileScanTask>> readWithDeletes(DataInputStream in) throws IOException {
    List<List<FileScanTask>> runs = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      runs.add(List.of(ScanTaskParser.fromJson(readText(in), true)));
    }
    return runs;
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readPart(in), StandardCharsets.UTF_8);
  }

  private static byte[] readPart(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}
