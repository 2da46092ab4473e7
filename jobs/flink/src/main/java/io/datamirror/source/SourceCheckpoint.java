package io.datamirror.source;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;

/** Reads the source's part of a checkpoint outside of a job. */
public final class SourceCheckpoint {

  private SourceCheckpoint() {}

  /** Reads what Flink's coordinator of a source has written around the enumerator's state. */
  public static MirrorEnumeratorState read(byte[] coordinator) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(coordinator);
    in.readInt(); // the version of the frame, which has begun with these fields in all releases
    int version = in.readInt();
    byte[] state = new byte[in.readInt()];
    in.readFully(state);
    return MirrorEnumeratorStateSerializer.INSTANCE.deserialize(version, state);
  }
}
