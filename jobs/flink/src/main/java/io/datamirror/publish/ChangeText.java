package io.datamirror.publish;

import io.datamirror.publish.Emitter.Action;
import org.apache.iceberg.Snapshot;

/** Changes in the way of Debezium. */
final class ChangeText {

  private final String mirror;
  private final String table;

  /** Names of mirrors and of tables in the lake need no escaping in JSON. */
  ChangeText(String mirror, String table) {
    this.mirror = mirror;
    this.table = table;
  }

  /**
   * The lake does not keep what a row was before: of a deleted row there is the key, of an updated
   * one nothing.
   */
  String event(Action action, String key, String row, Snapshot snapshot) {
    return "{\"before\":"
        + (action == Action.DELETE ? key : "null")
        + ",\"after\":"
        + row
        + ",\"source\":{\"connector\":\"data-mirror\",\"name\":\""
        + mirror
        + "\",\"table\":\""
        + table
        + "\",\"snapshot_id\":\""
        + snapshot.snapshotId()
        + "\",\"epoch\":"
        + CommitFacts.epoch(snapshot)
        + ",\"ts_ms\":"
        + snapshot.timestampMillis()
        + "},\"op\":\""
        + action.code()
        + "\",\"ts_ms\":"
        + snapshot.timestampMillis()
        + "}";
  }
}
