package io.datamirror.source;

import io.datamirror.feed.Chunk;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Keeps splits in checkpoints and savepoints, in a format of our own: the version, then blocks, see
 * {@link Wire}. Enums are kept by name.
 */
final class MirrorSplitSerializer implements SimpleVersionedSerializer<MirrorSplit> {

  static final MirrorSplitSerializer INSTANCE = new MirrorSplitSerializer();

  private static final int VERSION = 1;
  private static final byte CHUNK = 1;
  private static final byte RECALL = 2;
  private static final byte SWEEP = 3;

  private MirrorSplitSerializer() {}

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(MirrorSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    out.writeInt(VERSION);
    writeSplit(split, MirrorSplitSerializer::writeOwnFrame, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public MirrorSplit deserialize(int version, byte[] serialized) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(serialized);
    Wire.version(in, VERSION);
    return readSplit(MirrorSplitSerializer::readOwnFrame, in);
  }

  /**
   * @param frames how the window is written that the split is a part of
   */
  static void writeSplit(
      MirrorSplit split, Wire.Writer<WindowFrame> frames, DataOutputSerializer out)
      throws IOException {
    if (split instanceof ChunkSplit chunk) {
      out.writeByte(CHUNK);
      Wire.writeBlock(chunk, (part, block) -> writeChunkSplit(part, frames, block), out);
    } else if (split instanceof RecallSplit recall) {
      out.writeByte(RECALL);
      Wire.writeBlock(recall, MirrorSplitSerializer::writeRecallSplit, out);
    } else if (split instanceof SweepSplit sweep) {
      out.writeByte(SWEEP);
      Wire.writeBlock(sweep, (part, block) -> writeSweepSplit(part, frames, block), out);
    }
  }

  /** Reads what {@link #writeSplit} wrote, with what reads the frames that were written so. */
  static MirrorSplit readSplit(Wire.Reader<WindowFrame> frames, DataInputDeserializer in)
      throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case CHUNK -> Wire.readBlock(block -> readChunkSplit(frames, block), in);
      case RECALL -> Wire.readBlock(MirrorSplitSerializer::readRecallSplit, in);
      case SWEEP -> Wire.readBlock(block -> readSweepSplit(frames, block), in);
      default -> throw new IOException("state of the source holds a split of unknown kind " + kind);
    };
  }

  private static void writeChunkSplit(
      ChunkSplit split, Wire.Writer<WindowFrame> frames, DataOutputSerializer out)
      throws IOException {
    frames.write(split.frame(), out);
    out.writeInt(split.index());
    out.writeInt(split.chunks());
    Wire.writeBlock(split.chunk(), MirrorSplitSerializer::writeChunk, out);
    Wire.writeBlock(split.reading(), MirrorSplitSerializer::writeReading, out);
  }

  private static ChunkSplit readChunkSplit(
      Wire.Reader<WindowFrame> frames, DataInputDeserializer in) throws IOException {
    return new ChunkSplit(
        frames.read(in),
        in.readInt(),
        in.readInt(),
        Wire.readBlock(MirrorSplitSerializer::readChunk, in),
        Wire.readBlock(MirrorSplitSerializer::readReading, in));
  }

  private static void writeRecallSplit(RecallSplit split, DataOutputSerializer out)
      throws IOException {
    Wire.writeText(split.table(), out);
    out.writeInt(split.index());
    Wire.writeBytes(split.task(), out);
    Wire.writeBlock(split.reading(), MirrorSplitSerializer::writeReading, out);
  }

  private static RecallSplit readRecallSplit(DataInputDeserializer in) throws IOException {
    return new RecallSplit(
        Wire.readText(in),
        in.readInt(),
        Wire.readBytes(in),
        Wire.readBlock(MirrorSplitSerializer::readReading, in));
  }

  private static void writeSweepSplit(
      SweepSplit split, Wire.Writer<WindowFrame> frames, DataOutputSerializer out)
      throws IOException {
    frames.write(split.frame(), out);
    out.writeInt(split.index());
    out.writeInt(split.chunks());
    Wire.writeList(split.tasks(), Wire::writeBytes, out);
    Wire.writeBlock(split.reading(), MirrorSplitSerializer::writeReading, out);
  }

  private static SweepSplit readSweepSplit(
      Wire.Reader<WindowFrame> frames, DataInputDeserializer in) throws IOException {
    return new SweepSplit(
        frames.read(in),
        in.readInt(),
        in.readInt(),
        Wire.readList(Wire::readBytes, in),
        Wire.readBlock(MirrorSplitSerializer::readReading, in));
  }

  /** A split that stands alone has its frame in it. */
  private static void writeOwnFrame(WindowFrame frame, DataOutputSerializer out)
      throws IOException {
    Wire.writeBlock(frame, MirrorSplitSerializer::writeFrame, out);
  }

  static WindowFrame readOwnFrame(DataInputDeserializer in) throws IOException {
    return Wire.readBlock(MirrorSplitSerializer::readFrame, in);
  }

  static void writeFrame(WindowFrame frame, DataOutputSerializer out) throws IOException {
    Wire.writeText(frame.table(), out);
    out.writeLong(frame.number());
    Wire.writeText(frame.bounds().from().text(), out);
    Wire.writeText(frame.bounds().to().text(), out);
    out.writeLong(frame.bounds().settledMillis());
    Wire.writeText(frame.label(), out);
    out.writeLong(frame.watermarkMillis());
    out.writeLong(frame.holdMillis());
    writeRevision(frame.revision(), out);
  }

  /** Appended where there is one: state of earlier releases ends before it. */
  static void writeRevision(FeedRevision revision, DataOutputSerializer out) throws IOException {
    if (revision != null) {
      out.writeLong(revision.generation());
      out.writeInt(revision.arity());
      Wire.writeBytes(revision.bytes(), out);
    }
  }

  static FeedRevision readRevision(DataInputDeserializer in) throws IOException {
    if (in.available() == 0) {
      return null;
    }
    return new FeedRevision(in.readLong(), in.readInt(), Wire.readBytes(in));
  }

  static WindowFrame readFrame(DataInputDeserializer in) throws IOException {
    String table = Wire.readText(in);
    long number = in.readLong();
    Position from = new Position(Wire.readText(in));
    Position to = new Position(Wire.readText(in));
    Window bounds = new Window(from, to, in.readLong());
    return new WindowFrame(
        table, number, bounds, Wire.readText(in), in.readLong(), in.readLong(), readRevision(in));
  }

  private static void writeChunk(Chunk chunk, DataOutputSerializer out) throws IOException {
    Wire.writeText(chunk.part().name(), out);
    Wire.writeText(chunk.from(), out);
    Wire.writeText(chunk.to(), out);
  }

  private static Chunk readChunk(DataInputDeserializer in) throws IOException {
    Chunk.Part part = Chunk.Part.valueOf(Wire.readText(in));
    return new Chunk(part, Wire.readText(in), Wire.readText(in));
  }

  private static void writeReading(Reading reading, DataOutputSerializer out) throws IOException {
    Wire.writeText(reading.step().name(), out);
    Wire.writeText(reading.resume().cursor(), out);
    out.writeInt(reading.resume().delivered().length);
    for (long digest : reading.resume().delivered()) {
      out.writeLong(digest);
    }
    out.writeLong(reading.rows());
    out.writeLong(reading.maxTimeMillis());
  }

  private static Reading readReading(DataInputDeserializer in) throws IOException {
    Reading.Step step = Reading.Step.valueOf(Wire.readText(in));
    String cursor = Wire.readText(in);
    long[] delivered = new long[in.readInt()];
    for (int i = 0; i < delivered.length; i++) {
      delivered[i] = in.readLong();
    }
    return new Reading(step, new Resume(cursor, delivered), in.readLong(), in.readLong());
  }
}
