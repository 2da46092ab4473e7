package io.datamirror.publish;

import io.datamirror.lake.OwnTable;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import io.datamirror.spec.PublishSpec;
import io.datamirror.spec.PublishStyle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.Table;

/**
 * One table that is published.
 *
 * @param name the table in the lake
 * @param topic where it goes
 * @param style how its changes are written
 */
record PublishedTable(String name, String topic, PublishStyle style) {

  /** The tables of a mirror that are published, by name. */
  static Map<String, PublishedTable> of(MirrorPlan plan, PublishSpec publish) {
    Map<String, PublishedTable> tables = new LinkedHashMap<>();
    for (TablePlan table : plan.tables()) {
      String name = table.name();
      tables.put(name, new PublishedTable(name, publish.topic(name), publish.style()));
    }
    publish
        .ledger()
        .ifPresent(
            topic -> {
              String name = OwnTable.LEDGER.tableName();
              tables.put(name, new PublishedTable(name, topic, PublishStyle.UPSERT));
            });
    return tables;
  }

  private boolean ledger() {
    return name.equals(OwnTable.LEDGER.tableName());
  }

  Changes changes(Table table) {
    return ledger() ? new LedgerChanges(table) : new EpochChanges(table);
  }

  /** Makes the topic, if there is none of its name. */
  void createTopic(PublishTopics topics) {
    if (ledger()) {
      topics.createKept(topic);
    } else {
      topics.createCompacted(topic);
    }
  }
}
