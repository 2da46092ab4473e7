package io.datamirror.commit;

import io.datamirror.resolve.Counts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the committer keeps in a checkpoint, with a binary form of its own.
 *
 * <p>The form begins with its version. A release reads every version up to its own and writes the
 * newest.
 *
 * @param generation the start of the mirror that wrote this; {@link #UNKNOWN} in version 1
 * @param sinceEpoch the first epoch that this start could give; {@link #UNKNOWN} before version 3
 * @param closer what the closer of epochs remembers
 * @param pending what was closed and is not known to be committed, by epoch
 * @param committedEpochs the greatest epoch of each table that is known to be committed, by name
 */
record CommitState(
    long generation,
    long sinceEpoch,
    EpochCloser.State closer,
    List<Committable> pending,
    Map<String, Long> committedEpochs) {

  /** Of a state that does not say it: nothing is newer. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final int VERSION = 4;
  private static final int WITH_SINCE_EPOCH = 3;
  private static final int FIRST_VERSION = 1;

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeLong(generation);
      out.writeLong(sinceEpoch);
      out.writeLong(closer.lastEpoch());
      out.writeLong(closer.watermarkMillis());
      Binary.writeList(out, closer.tables(), CommitState::writeTable);
      Binary.writeList(out, pending, CommitState::writeCommittable);
      Binary.writeList(out, List.copyOf(committedEpochs.entrySet()), CommitState::writeEpoch);
    }
    return bytes.toByteArray();
  }

  static CommitState fromBytes(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      if (version < FIRST_VERSION || version > VERSION) {
        throw new IOException(
            "the committer's state has version " + version + ", and not at most " + VERSION);
      }
      long generation = version == FIRST_VERSION ? UNKNOWN : in.readLong();
      long sinceEpoch = version < WITH_SINCE_EPOCH ? UNKNOWN : in.readLong();
      long lastEpoch = in.readLong();
      long watermarkMillis = version == FIRST_VERSION ? Long.MIN_VALUE : in.readLong();
      List<EpochCloser.TableState> tables = Binary.readList(in, table -> readTable(version, table));
      List<Committable> pending = Binary.readList(in, one -> readCommittable(version, one));
      return new CommitState(
          generation,
          sinceEpoch,
          new EpochCloser.State(lastEpoch, watermarkMillis, tables),
          pending,
          readEpochs(in));
    }
  }

  private static void writeEpoch(DataOutput out, Map.Entry<String, Long> epoch) throws IOException {
    Binary.writeText(out, epoch.getKey());
    out.writeLong(epoch.getValue());
  }

  private static Map<String, Long> readEpochs(DataInput in) throws IOException {
    Map<String, Long> epochs = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      epochs.put(Binary.readText(in), in.readLong());
    }
    return epochs;
  }

  private static void writeTable(DataOutput out, EpochCloser.TableState table) throws IOException {
    out.writeInt(table.table());
    Binary.writeCounts(out, table.counts());
    out.writeLong(table.committedMillis());
    WindowTracker.State windows = table.windows();
    out.writeLong(windows.completeTo());
    out.writeLong(windows.labelledTo());
    Binary.writeText(out, windows.position());
    out.writeLong(windows.watermarkMillis());
    Binary.writeList(out, windows.windows(), DataOutput::writeLong);
    Binary.writeList(out, windows.open(), CommitState::writeOpen);
    out.writeBoolean(table.ahead());
    out.writeLong(table.floorMillis());
  }

  private static EpochCloser.TableState readTable(int version, DataInput in) throws IOException {
    int table = in.readInt();
    Counts counts = Binary.readCounts(in);
    long committedMillis = in.readLong();
    WindowTracker.State windows =
        new WindowTracker.State(
            in.readLong(),
            in.readLong(),
            Binary.readText(in),
            in.readLong(),
            Binary.readList(in, DataInput::readLong),
            Binary.readList(in, CommitState::readOpen));
    boolean ahead = version != FIRST_VERSION && in.readBoolean();
    long floorMillis = version == FIRST_VERSION ? Long.MIN_VALUE : in.readLong();
    return new EpochCloser.TableState(table, counts, committedMillis, windows, ahead, floorMillis);
  }

  private static void writeOpen(DataOutput out, WindowTracker.Open window) throws IOException {
    out.writeInt(window.chunks());
    byte[] done = window.done().toByteArray();
    out.writeInt(done.length);
    out.write(done);
    Binary.writeText(out, window.position());
    out.writeLong(window.watermarkMillis());
  }

  private static WindowTracker.Open readOpen(DataInput in) throws IOException {
    int chunks = in.readInt();
    byte[] done = new byte[in.readInt()];
    in.readFully(done);
    return new WindowTracker.Open(chunks, BitSet.valueOf(done), Binary.readText(in), in.readLong());
  }

  private static void writeCommittable(DataOutput out, Committable committable) throws IOException {
    out.writeInt(committable.table());
    Binary.writeText(out, committable.name());
    out.writeLong(committable.epoch());
    out.writeLong(committable.generation());
    Binary.writeText(out, committable.commitId());
    Binary.writeList(out, committable.batches(), CommitState::writeBatch);
    Binary.writeCounts(out, committable.counts());
    Binary.writeText(out, committable.position());
    out.writeLong(committable.watermarkMillis());
    out.writeLong(committable.horizonMillis());
  }

  private static Committable readCommittable(int version, DataInput in) throws IOException {
    return new Committable(
        in.readInt(),
        Binary.readText(in),
        in.readLong(),
        in.readLong(),
        Binary.readText(in),
        Binary.readList(in, CommitState::readBatch),
        Binary.readCounts(in),
        Binary.readText(in),
        in.readLong(),
        version < VERSION ? Long.MIN_VALUE : in.readLong());
  }

  private static void writeBatch(DataOutput out, Batch batch) throws IOException {
    Binary.writeList(out, batch.dataFiles(), Binary::writeText);
    Binary.writeList(out, batch.deleteFiles(), Binary::writeText);
  }

  private static Batch readBatch(DataInput in) throws IOException {
    return new Batch(Binary.readList(in, Binary::readText), Binary.readList(in, Binary::readText));
  }
}
