package io.datamirror.testkit.warehouse;

/** An error as Snowflake's server says it. */
final class SnowflakeError extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String state;

  SnowflakeError(String code, String state, String message) {
    super(message);
    this.code = code;
    this.state = state;
  }

  String code() {
    return code;
  }

  String state() {
    return state;
  }

  static SnowflakeError compilation(String message) {
    return new SnowflakeError("001003", "42000", "SQL compilation error:\n" + message);
  }

  static SnowflakeError missing(String object) {
    return new SnowflakeError(
        "002003",
        "42S02",
        "SQL compilation error:\nObject '" + object + "' does not exist or not authorized.");
  }

  static SnowflakeError timeTravel(String table) {
    return new SnowflakeError(
        "000707",
        "02000",
        "Time travel data is not available for table "
            + table
            + ". The requested time is either beyond the allowed time travel period or before the"
            + " object creation time.");
  }

  static SnowflakeError untracked(String table) {
    return new SnowflakeError(
        "001234",
        "55000",
        "Change tracking is not enabled or has been missing for the time range requested on table '"
            + table
            + "'.");
  }
}
