package io.datamirror.error;

import static io.datamirror.error.ErrorClass.DATA;
import static io.datamirror.error.ErrorClass.ENVIRONMENT;
import static io.datamirror.error.ErrorClass.RUNTIME;
import static io.datamirror.error.ErrorClass.USAGE;

/**
 * Every error that a user can see. A number is never given to another meaning.
 *
 * <p>1000: the spec. 2000: the source, its connection and its feed. 3000: the lake, its catalog and
 * fencing. 4000: running. 5000: differing data.
 */
public enum ErrorCode {
  SPEC_SYNTAX(1001, USAGE, "The spec is not readable YAML."),
  UNKNOWN_KEY(1002, USAGE, "The spec has a key that does not exist."),
  MISSING_KEY(1003, USAGE, "The spec lacks a key that it needs."),
  BAD_VALUE(1004, USAGE, "A value in the spec is not of the kind that its key takes."),
  BAD_UNIT(1005, USAGE, "A duration has no unit, or one that does not exist."),
  CONTRADICTION(1006, USAGE, "Two parts of the spec exclude each other."),
  DUPLICATE_TABLE(1007, USAGE, "Two tables of the spec would be one table in the lake."),
  BAD_NAME(1008, USAGE, "A name is not safe as a name in the lake."),
  DUPLICATE_KEY(1009, USAGE, "A key stands twice in one mapping."),
  SECRET_IN_URL(1011, USAGE, "A URL in the spec holds a secret in clear text."),
  MISSING_SECRET(1012, USAGE, "A referenced secret does not exist."),
  SECRET_FILE_UNREADABLE(1013, USAGE, "The file of a referenced secret cannot be read."),
  SECRET_FILE_REFUSED(1014, USAGE, "The path of a secret file is not absolute and normalised."),
  SPEC_UNREADABLE(1015, USAGE, "The spec file does not exist or cannot be read."),
  WRONG_ARGUMENT(1016, USAGE, "An argument of the command line is wrong."),
  TABLE_WITHOUT_KEY(1020, USAGE, "A table has no primary key."),
  KEY_COLUMN_NULLABLE(1021, USAGE, "A column of the primary key may hold NULL."),
  FLOAT_KEY(1022, USAGE, "A column of the primary key is a floating-point number."),
  VERSION_WITHOUT_ORDER(1023, USAGE, "A version column is of a type that has no order."),
  MISSING_COLUMN(1024, USAGE, "A column that the spec names is not in the source."),
  SOURCE_TABLE_MISSING(1025, USAGE, "A table that the spec names is not in the source."),
  UNSUPPORTED_COLUMN_TYPE(1026, USAGE, "A column has a type that cannot be mirrored."),
  UNSUPPORTED_FLINK_SETTING(1027, USAGE, "A Flink setting would lose data."),
  NOT_FOR_SQL(1033, USAGE, "A key of the spec is given to a SQL table, which has no use for it."),
  REFERENCE_TYPES_DIFFER(
      1060, USAGE, "The columns of a relationship have types whose values are never equal."),
  MODEL_UNREADABLE(1061, USAGE, "A file that should hold a model cannot be understood."),
  NO_MODEL(1062, USAGE, "A model has no table that can be mirrored."),

  DATABASE_UNREACHABLE(2001, ENVIRONMENT, "The source database does not answer."),
  WRONG_CREDENTIALS(2002, ENVIRONMENT, "The source refuses the user or the password."),
  MISSING_DRIVER(2003, ENVIRONMENT, "No JDBC driver accepts the URL."),
  MISSING_PRIVILEGE(2004, ENVIRONMENT, "The user may not read what the spec names."),
  QUERY_FAILED(2005, RUNTIME, "The source refuses a query."),
  RETRY_EXHAUSTED(2006, RUNTIME, "The source kept failing until all retries were used."),
  SOURCE_TABLE_RECREATED(2007, ENVIRONMENT, "A source table was dropped and created again."),
  COLUMN_VANISHED(2008, ENVIRONMENT, "A column that is mirrored is no longer in the source."),
  HISTORY_LOST(2009, ENVIRONMENT, "The source no longer has the changes after the position."),
  BAD_POSITION(2010, RUNTIME, "A stored position cannot be understood."),
  SCHEMA_CHANGED(2011, RUNTIME, "The source's columns changed and the spec says stop."),
  SNAPSHOT_IMPOSSIBLE(2012, ENVIRONMENT, "A base table cannot be read anew without losing track."),
  NO_CLOCK(2013, ENVIRONMENT, "The source database does not tell its clock."),
  TRACKING_OFF(2020, ENVIRONMENT, "A source table does not keep its changes for its native feed."),
  NO_CHANGE_FEED(2021, ENVIRONMENT, "A source table is of a kind that has no change feed."),
  BROKER_UNREACHABLE(2045, ENVIRONMENT, "Kafka does not answer, or refuses a request."),
  TOPIC_REPARTITIONED(
      2046, ENVIRONMENT, "A topic whose offsets are versions has other partitions."),
  FILES_UNREACHABLE(2047, ENVIRONMENT, "The files of changes cannot be listed or read."),
  TOO_MANY_FILES(2048, ENVIRONMENT, "A directory of changes holds more files than can be kept."),
  REGISTRY_UNREACHABLE(2080, ENVIRONMENT, "The schema registry does not answer."),
  NO_REGISTRY(2081, ENVIRONMENT, "What should be a schema registry answers like none."),
  HISTORY_NOT_KEPT(
      2082, ENVIRONMENT, "A source no longer has the changes that a comparison would begin with."),
  OUTPUT_FAILED(2083, ENVIRONMENT, "What a verb tells could not be written to its end."),
  CREDENTIALS_REPLACED(2084, ENVIRONMENT, "The source refuses credentials that it took before."),

  LAKE_UNREACHABLE(3001, ENVIRONMENT, "The lake's catalog or storage does not answer."),
  LAKE_READ_ONLY(3002, ENVIRONMENT, "The lake cannot be written."),
  TABLE_OWNED_BY_ANOTHER(3003, ENVIRONMENT, "A table in the lake belongs to another mirror."),
  TABLE_NOT_OURS(3004, ENVIRONMENT, "A table in the lake was not created by a mirror."),
  TABLE_DOES_NOT_FIT(3005, ENVIRONMENT, "A table in the lake does not fit the spec."),
  GENERATION_FENCED(3006, RUNTIME, "A newer job has taken over the tables."),
  LAKE_AHEAD(3007, RUNTIME, "The lake is ahead of the savepoint."),
  COMMIT_FAILED(3008, RUNTIME, "The catalog refused a commit."),
  SAVEPOINT_UNREADABLE(3010, ENVIRONMENT, "The savepoint cannot be read."),
  BEGUN_ANEW(3040, RUNTIME, "A job in batch began anew after a part of it was committed."),
  PARTITION_TOO_LONG(3041, RUNTIME, "A value is too long for the partition that it names."),
  MOMENT_NOT_KEPT(3042, ENVIRONMENT, "The snapshots that a check is about have expired."),
  NO_POSITION_YET(3043, ENVIRONMENT, "A table of the lake is not complete to any position yet."),
  PUBLISH_FAILED(3050, ENVIRONMENT, "Kafka does not take what is published."),
  TOPIC_NOT_OURS(3051, ENVIRONMENT, "A topic to publish to holds what the mirror did not write."),
  PUBLISH_GAP(3052, ENVIRONMENT, "The lake no longer has snapshots that were not published yet."),
  ROW_TOO_LARGE(3053, ENVIRONMENT, "A row is larger than the topic that it is published to takes."),

  BAD_ROW(4001, RUNTIME, "A row cannot be applied and the spec says stop."),
  JOB_FAILED(4002, RUNTIME, "The job ended with a failure."),
  CLUSTER_UNREACHABLE(4003, ENVIRONMENT, "The Flink cluster does not answer."),
  NO_FLINK(4004, ENVIRONMENT, "There is no Flink to start a cluster from."),
  FLINK_VERSION(4005, ENVIRONMENT, "A cluster and a jar are of different Flink."),
  CLUSTER_NOT_STARTED(4006, ENVIRONMENT, "A cluster on this machine did not start."),
  SAVEPOINT_OF_ANOTHER(4008, ENVIRONMENT, "A savepoint was written by another mirror or job."),
  MIRROR_NOT_RUNNING(4009, ENVIRONMENT, "No job of the mirror runs in the cluster."),
  UPGRADE_ROLLED_BACK(4010, RUNTIME, "An upgrade did not work and was taken back."),
  UPGRADE_STUCK(4011, RUNTIME, "An upgrade did not work and could not be taken back."),
  STOP_FAILED(4012, RUNTIME, "A running job could not be stopped with a savepoint."),
  SPEC_OF_RUN_UNKNOWN(
      4013, ENVIRONMENT, "Nobody knows any more which spec a job was started with."),
  ORPHANS(4050, DATA, "Rows refer to rows that are not there, or not as their cardinality says."),
  COLUMN_CHANGED(4051, RUNTIME, "A column of the source changed in a way that cannot be followed."),
  TABLE_STOPPED(4052, RUNTIME, "A table was stopped, and the others went on."),
  INTERNAL(4999, RUNTIME, "Something happened that must not happen: please report it."),

  DATA_DIFFER(5001, DATA, "The source and the lake hold different rows.");

  private final int number;
  private final ErrorClass errorClass;
  private final String meaning;

  ErrorCode(int number, ErrorClass errorClass, String meaning) {
    this.number = number;
    this.errorClass = errorClass;
    this.meaning = meaning;
  }

  /** The number, as in {@code MIRROR-1001}. */
  public int number() {
    return number;
  }

  public ErrorClass errorClass() {
    return errorClass;
  }

  /** The exit code of a process that ends with this error. */
  public int exitCode() {
    return errorClass.exitCode();
  }

  /** What the code means, in one sentence. */
  public String meaning() {
    return meaning;
  }

  /** The code as users read it, for example {@code MIRROR-1001}. */
  @Override
  public String toString() {
    return "MIRROR-" + number;
  }
}
