package io.datamirror.source;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Keeps splits with each of their windows once. Where a position names every file, or every
 * partition, a window is as large as it has splits: with a copy in each, state would grow with the
 * square of their number.
 */
final class SharedFrames {

  private final Map<WindowFrame, Integer> numbers = new LinkedHashMap<>();

  private SharedFrames() {}

  /** Writes the windows, then the splits, which name them by number. */
  static void write(List<MirrorSplit> splits, DataOutputSerializer out) throws IOException {
    SharedFrames frames = new SharedFrames();
    DataOutputSerializer parts = new DataOutputSerializer(1024);
    Wire.writeList(
        splits,
        (split, block) -> MirrorSplitSerializer.writeSplit(split, frames::writeNumber, block),
        parts);
    Wire.writeList(List.copyOf(frames.numbers.keySet()), MirrorSplitSerializer::writeFrame, out);
    out.write(parts.getSharedBuffer(), 0, parts.length());
  }

  private void writeNumber(WindowFrame frame, DataOutputSerializer out) throws IOException {
    int next = numbers.size();
    Integer known = numbers.putIfAbsent(frame, next);
    out.writeInt(known == null ? next : known);
  }

  /** Reads what {@link #write} wrote; splits of one window share it again. */
  static List<MirrorSplit> read(DataInputDeserializer in) throws IOException {
    List<WindowFrame> frames = Wire.readList(MirrorSplitSerializer::readFrame, in);
    return Wire.readList(
        block -> MirrorSplitSerializer.readSplit(part -> frames.get(part.readInt()), block), in);
  }
}
