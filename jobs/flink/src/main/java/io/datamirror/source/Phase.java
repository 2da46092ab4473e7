package io.datamirror.source;

/** What a table is being read for. */
public enum Phase {
  /** The lake was not asked yet. */
  START,
  /** What the lake knows of its keys is being read. */
  RECALL,
  /** All of that was read, and a checkpoint has to confirm it. */
  RECALLED,
  /** Its history was lost: its base table is to be read anew, once the lake has what was read. */
  AGAIN,
  /** Its base table is being read. */
  SNAPSHOT,
  /** Its base table was read, and the clock of the source was not asked yet. */
  SNAPSHOT_READ,
  /** Its changes are being read, window by window. */
  CHANGES,
  /** It was read up to where it should be. */
  DONE,
  /** Its source's columns changed so that it is not read on; never a phase of the state. */
  STOPPED;

  /** The phase in words for people. */
  public String words() {
    return switch (this) {
      case START -> "starting";
      case RECALL, RECALLED -> "recalling";
      case AGAIN, SNAPSHOT, SNAPSHOT_READ -> "snapshot";
      case CHANGES -> "changes";
      case DONE -> "done";
      case STOPPED -> "stopped";
    };
  }
}
