package io.datamirror.stream;

import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * How much memory the folded changes of one subtask may hold before they are written.
 *
 * @param bytes so much; 0 for a share of what there is where the subtask runs
 */
public record BundleLimit(long bytes) implements Serializable {

  /** An eighth of the heap that falls to a slot: a larger bundle writes fewer rows. */
  public static final BundleLimit SHARE_OF_HEAP = new BundleLimit(0);

  private static final int SHARE = 8;
  private static final long LEAST_BYTES = 16L << 20;
  private static final long MOST_BYTES = 1L << 30;

  public BundleLimit {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit of " + bytes + " bytes");
    }
  }

  /**
   * @param taskManager the settings of the process that the subtask runs in
   * @param heapBytes the most that its heap may hold
   */
  long bytes(ReadableConfig taskManager, long heapBytes) {
    if (bytes > 0) {
      return bytes;
    }
    int slots = Math.max(1, taskManager.get(TaskManagerOptions.NUM_TASK_SLOTS));
    return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, heapBytes / SHARE / slots));
  }
}
