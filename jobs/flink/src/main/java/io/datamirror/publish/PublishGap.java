package io.datamirror.publish;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;

/** What is to be published can no longer be found in the lake. */
final class PublishGap {

  private PublishGap() {}

  /**
   * The error.
   *
   * @param object the topic or the table
   * @param sentence what is gone
   */
  static MirrorException of(String object, String sentence) {
    return new MirrorException(
        ErrorCode.PUBLISH_GAP,
        object,
        sentence,
        "Delete the topic, or name another: the whole table is then published. Keep snapshots for"
            + " longer than publishing may stand still.");
  }
}
