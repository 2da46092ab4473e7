package io.datamirror.databricks;

/** A statement that the warehouse refuses, in its own words. */
final class StatementError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  StatementError(String sqlState, String message) {
    super(message);
    this.sqlState = sqlState;
  }

  /** May be null: not every error of the engine has one. */
  String sqlState() {
    return sqlState;
  }
}
