package io.datamirror.job;

/**
 * The names under which Flink finds the state of each stage again. They are part of every
 * savepoint: none may ever change or be used for something else.
 */
public final class Uids {

  public static final String SOURCE = "mirror-source";
  public static final String KEEP_POSITION = "mirror-keep-position";
  public static final String KEEP_WATERMARK = "mirror-keep-watermark";
  public static final String SPLIT = "mirror-split";
  public static final String RESOLVE = "mirror-resolve";
  public static final String COMMIT = "mirror-commit";

  private static final String SQL = "mirror-sql-";

  private Uids() {}

  /**
   * The name of a stage of a table that SQL reads.
   *
   * @param stage one of {@link #SOURCE}, {@link #SPLIT} and {@link #RESOLVE}
   * @param table the table with its catalog and database
   * @param scan counts the scans of the table in one job from 1
   */
  public static String ofSql(String stage, String table, int scan) {
    String first = SQL + stage + "-" + table;
    return scan == 1 ? first : first + "#" + scan;
  }
}
