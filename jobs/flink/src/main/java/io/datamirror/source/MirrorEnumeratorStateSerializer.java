package io.datamirror.source;

import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.source.TableState.Current;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Keeps the enumerator's state in checkpoints and savepoints, see {@link MirrorSplitSerializer}.
 */
final class MirrorEnumeratorStateSerializer
    implements SimpleVersionedSerializer<MirrorEnumeratorState> {

  static final MirrorEnumeratorStateSerializer INSTANCE = new MirrorEnumeratorStateSerializer();

  private static final int VERSION = 2;

  /** It has the whole window in each split that is pending. */
  private static final int WITHOUT_SHARED_FRAMES = 1;

  private MirrorEnumeratorStateSerializer() {}

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(MirrorEnumeratorState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    out.writeInt(VERSION);
    out.writeLong(state.generation());
    Wire.writeList(state.tables(), MirrorEnumeratorStateSerializer::writeTable, out);
    if (!state.laws().isEmpty()) {
      List<Map.Entry<String, String>> laws = List.copyOf(new TreeMap<>(state.laws()).entrySet());
      Wire.writeList(laws, MirrorEnumeratorStateSerializer::writeLaw, out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public MirrorEnumeratorState deserialize(int version, byte[] serialized) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    int written = Wire.version(in, VERSION);
    return new MirrorEnumeratorState(
        in.readLong(), Wire.readList(block -> readTable(written, block), in), readLaws(in));
  }

  private static void writeLaw(Map.Entry<String, String> law, DataOutputSerializer out)
      throws IOException {
    Wire.writeText(law.getKey(), out);
    Wire.writeText(law.getValue(), out);
  }

  /** State of earlier releases ends before them, and so does that of a mirror. */
  private static Map<String, String> readLaws(DataInputDeserializer in) throws IOException {
    if (in.available() == 0) {
      return Map.of();
    }
    return Wire.readList(block -> Map.entry(Wire.readText(block), Wire.readText(block)), in)
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void writeTable(TableState state, DataOutputSerializer out) throws IOException {
    Wire.writeText(state.table(), out);
    Wire.writeText(state.identity().text(), out);
    Wire.writeText(state.phase().name(), out);
    Wire.writeBlock(state.last(), (last, block) -> Wire.writeText(last.text(), block), out);
    out.writeBoolean(state.labelled());
    out.writeLong(state.nextWindow());
    out.writeLong(state.snapshotEndMillis());
    Wire.writeBlock(state.target(), MirrorEnumeratorStateSerializer::writeObserved, out);
    out.writeLong(state.watermarkMillis());
    Wire.writeBlock(state.current(), MirrorEnumeratorStateSerializer::writeCurrent, out);
    SharedFrames.write(state.pending(), out);
    Wire.writeList(state.outstanding(), MirrorEnumeratorStateSerializer::writeTicket, out);
    MirrorSplitSerializer.writeRevision(state.revision(), out);
  }

  private static TableState readTable(int version, DataInputDeserializer in) throws IOException {
    return new TableState(
        Wire.readText(in),
        new Identity(Wire.readText(in)),
        Phase.valueOf(Wire.readText(in)),
        Wire.readBlock(block -> new Position(Wire.readText(block)), in),
        in.readBoolean(),
        in.readLong(),
        in.readLong(),
        Wire.readBlock(MirrorEnumeratorStateSerializer::readObserved, in),
        in.readLong(),
        Wire.readBlock(MirrorEnumeratorStateSerializer::readCurrent, in),
        readPending(version, in),
        Wire.readList(MirrorEnumeratorStateSerializer::readTicket, in),
        MirrorSplitSerializer.readRevision(in));
  }

  private static List<MirrorSplit> readPending(int version, DataInputDeserializer in)
      throws IOException {
    return version == WITHOUT_SHARED_FRAMES
        ? Wire.readList(
            block -> MirrorSplitSerializer.readSplit(MirrorSplitSerializer::readOwnFrame, block),
            in)
        : SharedFrames.read(in);
  }

  private static void writeObserved(Observed observed, DataOutputSerializer out)
      throws IOException {
    Wire.writeText(observed.head().text(), out);
    out.writeLong(observed.clockMillis());
    out.writeLong(observed.seenMillis());
  }

  private static Observed readObserved(DataInputDeserializer in) throws IOException {
    Position head = new Position(Wire.readText(in));
    long clockMillis = in.readLong();
    // State of earlier releases ends here: they knew one time.
    return in.available() == 0
        ? new Observed(head, clockMillis)
        : new Observed(head, clockMillis, in.readLong());
  }

  private static void writeCurrent(Current current, DataOutputSerializer out) throws IOException {
    out.writeLong(current.number());
    out.writeInt(current.chunks());
    out.writeLong(current.settledMillis());
    out.writeLong(current.maxTimeMillis());
  }

  private static Current readCurrent(DataInputDeserializer in) throws IOException {
    return new Current(in.readLong(), in.readInt(), in.readLong(), in.readLong());
  }

  private static void writeTicket(Ticket ticket, DataOutputSerializer out) throws IOException {
    Wire.writeText(ticket.splitId(), out);
    Wire.writeText(ticket.table(), out);
    Wire.writeText(ticket.kind().name(), out);
    out.writeLong(ticket.holdMillis());
  }

  private static Ticket readTicket(DataInputDeserializer in) throws IOException {
    return new Ticket(
        Wire.readText(in),
        Wire.readText(in),
        Ticket.Kind.valueOf(Wire.readText(in)),
        in.readLong());
  }
}
