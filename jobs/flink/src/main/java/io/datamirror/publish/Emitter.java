package io.datamirror.publish;

import org.apache.iceberg.Snapshot;

/** Takes the changes of a table in the order in which they are published. */
interface Emitter {

  /** What was done to a row. */
  enum Action {
    CREATE("c"),
    UPDATE("u"),
    DELETE("d"),
    /** The row is as it says, whatever was there before. */
    READ("r");

    private final String code;

    Action(String code) {
      this.code = code;
    }

    /** As Debezium calls it. */
    String code() {
      return code;
    }
  }

  /**
   * @param key the key columns as JSON
   * @param row the whole row as JSON; null for a delete
   * @param snapshot the one that the table had the change with
   */
  void emit(Action action, String key, String row, Snapshot snapshot);
}
