package io.datamirror.cluster;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.job.Uids;
import io.datamirror.source.MirrorEnumeratorState;
import io.datamirror.source.SourceCheckpoint;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.apache.flink.util.ExceptionUtils;

/**
 * What a savepoint, or a checkpoint that was kept, tells of the mirror that wrote it. Only its
 * metadata is read.
 */
public final class SavepointFile {

  private static final String READS = "Source: read ";

  private final String path;
  private final String mirror;
  private final MirrorEnumeratorState source;

  private SavepointFile(String path, String mirror, MirrorEnumeratorState source) {
    this.path = path;
    this.mirror = mirror;
    this.source = source;
  }

  /**
   * Reads a savepoint.
   *
   * @param path its directory, or the file of its metadata
   */
  public static SavepointFile read(String path) {
    try {
      return of(path, metadata(path));
    } catch (IOException | IllegalArgumentException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.SAVEPOINT_UNREADABLE,
          path,
          "there is no savepoint to be read here",
          "Name the directory that flink stop or flink savepoint printed.");
    }
  }

  /** Reads a savepoint; empty if only the cluster has the file system that it is in. */
  public static Optional<SavepointFile> readableHere(String path) {
    try {
      return Optional.of(read(path));
    } catch (MirrorException e) {
      if (ExceptionUtils.findThrowable(e, UnsupportedFileSystemSchemeException.class).isPresent()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static CheckpointMetadata metadata(String path) throws IOException {
    StreamStateHandle handle =
        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path).getMetadataHandle();
    try (FSDataInputStream input = handle.openInputStream();
        DataInputStream data = new DataInputStream(input)) {
      return Checkpoints.loadCheckpointMetadata(data, SavepointFile.class.getClassLoader(), path);
    }
  }

  private static SavepointFile of(String path, CheckpointMetadata metadata) throws IOException {
    OperatorID id = new OperatorID(StreamGraphHasherV2.generateUserSpecifiedHash(Uids.SOURCE));
    Optional<OperatorState> source =
        metadata.getOperatorStates().stream()
            .filter(state -> state.getOperatorID().equals(id))
            .filter(state -> state.getCoordinatorState() != null)
            .findFirst();
    if (source.isEmpty()) {
      throw new MirrorException(
          ErrorCode.SAVEPOINT_OF_ANOTHER,
          path,
          "this savepoint was not written by a mirror",
          "Name a savepoint of the mirror, or none: then the lake says how far it was.");
    }
    String name = source.get().getOperatorName().orElse("");
    return new SavepointFile(
        path,
        name.startsWith(READS) ? name.substring(READS.length()) : "",
        SourceCheckpoint.read(source.get().getCoordinatorState().getData()));
  }

  /** How far each table of the mirror had been read. */
  public MirrorEnumeratorState source() {
    return source;
  }

  /**
   * Looks whether the savepoint is this mirror's.
   *
   * @throws MirrorException if it is another's
   */
  public void requireOf(String wanted) {
    if (!mirror.isEmpty() && !mirror.equals(wanted)) {
      throw new MirrorException(
          ErrorCode.SAVEPOINT_OF_ANOTHER,
          path,
          "this is a savepoint of the mirror " + mirror + ", not of " + wanted,
          "Name a savepoint of " + wanted + ", or none: then the lake says how far it was.");
    }
  }
}
