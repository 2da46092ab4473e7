package io.datamirror.lake;

/** Names under which the mirror keeps its own facts in the properties and summaries of tables. */
public final class LakeKeys {

  /** Table property and summary: the mirror that owns the table. */
  public static final String MIRROR = "data-mirror.mirror";

  /** Table property: the newest start of the mirror. Summary: the start that committed. */
  public static final String GENERATION = "data-mirror.generation";

  /** Table property: the start that committed the epoch of the properties. */
  public static final String COMMITTED_GENERATION = "data-mirror.committed-generation";

  /** Table property: a random text that tells two starts apart that ask for one generation. */
  public static final String GENERATION_TOKEN = "data-mirror.generation-token";

  /** Summary: this snapshot changes nothing, and keeps out who was overtaken by this start. */
  public static final String TAKEN_OVER_BY = "data-mirror.taken-over-by";

  /**
   * Summary of such a snapshot: when the epoch was committed that it speaks of, in epoch millis.
   */
  public static final String COMMITTED_AT = "data-mirror.committed-at";

  /** Table property: the source table. */
  public static final String SOURCE = "data-mirror.source";

  /** Table property: which incarnation of the source table is mirrored. */
  public static final String SOURCE_IDENTITY = "data-mirror.source-identity";

  /** Table property: the incarnation that the table is being read anew from, or was. */
  public static final String NEXT_SOURCE_IDENTITY = "data-mirror.next-source-identity";

  /** Table property: the newest epoch of the incarnation before. */
  public static final String NEXT_SOURCE_EPOCH = "data-mirror.next-source-epoch";

  /** Table property: the position of that epoch. */
  public static final String NEXT_SOURCE_POSITION = "data-mirror.next-source-position";

  /** Table property: the columns of the key in their order, as JSON with the lake's names. */
  public static final String KEY = "data-mirror.key";

  /** Table property: the columns that say which row is newer, as JSON with the lake's names. */
  public static final String VERSION = "data-mirror.version";

  /** Table property: the columns of the source that positions are values of, as JSON. */
  public static final String CURSOR = "data-mirror.cursor";

  /** Table property: the column of the source that says when a change was made. */
  public static final String TIMESTAMP = "data-mirror.timestamp";

  /** Table property: which of two changes that are equal in all else wins. */
  public static final String TIE = "data-mirror.tie";

  /** Table property: the start that has brought this cursor; absent for the first one. */
  public static final String CURSOR_GENERATION = "data-mirror.cursor-generation";

  /** Table property: the starts that have changed the tie rule, with commas between. */
  public static final String TIE_GENERATIONS = "data-mirror.tie-generations";

  /** Table property: what the table refers to, as JSON with the lake's names. */
  public static final String RELATIONSHIPS = "data-mirror.relationships";

  /** Table property: the layouts of rows that a running mirror writes, by their columns' number. */
  public static final String LAYOUTS = "data-mirror.layouts";

  /** Table property: why the table is not read on; absent when it is. */
  public static final String STOPPED = "data-mirror.stopped";

  /** Summary and table property: the epoch that was committed last. */
  public static final String EPOCH = "data-mirror.epoch";

  /** Summary and table property: identifies the commit of one table and epoch. */
  public static final String COMMIT_ID = "data-mirror.commit-id";

  /** Summary and table property: the feed position that the table is complete to. */
  public static final String POSITION = "data-mirror.position";

  /** Table property: the epoch that committed the position of the properties. */
  public static final String POSITION_EPOCH = "data-mirror.position-epoch";

  /**
   * Summary and table property: the watermark that keys were forgotten by so far, in epoch
   * milliseconds.
   */
  public static final String WATERMARK = "data-mirror.watermark";

  /**
   * Summary and table property of a mirrored table that forgets, or has forgotten: keys of what is
   * older may be forgotten, whatever lateness held then; in epoch milliseconds.
   */
  public static final String HORIZON = "data-mirror.horizon";

  /**
   * Summary and table property of a mirrored table: how many rows its readers see. The totals of
   * its files tell that only until somebody compacts them.
   */
  public static final String ROWS = "data-mirror.rows";

  /** Summary: this snapshot undoes what a start found unfinished. */
  public static final String RECONCILED = "data-mirror.reconciled";

  public static final String UPSERTS = "data-mirror.upserts";
  public static final String DELETES = "data-mirror.deletes";
  public static final String SUPERSEDED = "data-mirror.superseded";
  public static final String NO_OP = "data-mirror.no-op";
  public static final String LATE = "data-mirror.late";
  public static final String REJECTED = "data-mirror.rejected";
  public static final String CONFLICTS = "data-mirror.conflicts";

  private LakeKeys() {}
}
