package io.datamirror.publish;

import io.datamirror.error.MirrorException;
import io.datamirror.lake.Fenced;
import io.datamirror.lake.Generations;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.publish.Lineage.Origin;
import io.datamirror.publish.Lineage.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Publishes what the lake holds, from its opening to its first failure. One thread at a time.
 *
 * <p>What a topic holds is told by its mark alone, and the mark is committed with the changes. When
 * a session is opened, everything that an earlier one began is decided before the marks are read:
 * so it does not matter how that one ended.
 */
final class PublishSession implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final LakeCatalog catalog;
  private final long generation;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicWriter writer;
  private final Map<String, String> topicIds;
  private final Map<String, Mark> marks;
  private final PublishClients clients;

  private PublishSession(
      PublishScope scope,
      KafkaProducer<byte[], byte[]> producer,
      Map<String, String> topicIds,
      Map<String, Mark> marks) {
    this.catalog = scope.catalog();
    this.generation = scope.plan().generation();
    this.clients = scope.clients();
    this.producer = producer;
    this.writer =
        new TopicWriter(producer, scope.plan().spec().mirror(), scope.publish().controlTopic());
    this.topicIds = topicIds;
    this.marks = marks;
  }

  /** Makes what topics are missing, ends what an earlier session left open, and reads the marks. */
  static PublishSession open(PublishScope scope) {
    String control = scope.publish().controlTopic();
    Collection<PublishedTable> tables = scope.tables().values();
    try (Admin admin = scope.clients().admin()) {
      PublishTopics topics = new PublishTopics(admin);
      topics.createControl(control);
      tables.forEach(table -> table.createTopic(topics));
      Map<String, String> ids = topics.allIds(tables.stream().map(PublishedTable::topic).toList());
      KafkaProducer<byte[], byte[]> producer = scope.clients().producer();
      try (KafkaConsumer<byte[], byte[]> consumer = scope.clients().consumer()) {
        producer.initTransactions();
        Map<String, Mark> marks = Marks.read(consumer, control, topics.written(control));
        return new PublishSession(
            scope, producer, ids, Marks.standing(marks, ids, topics::written));
      } catch (RuntimeException e) {
        producer.close(Duration.ZERO);
        throw e;
      }
    }
  }

  /** Publishes all that the lake holds of a table now. */
  void publish(PublishedTable published) {
    Table table = catalog.load(published.name());
    refuseFenced(published, Generations.generation(table.properties()));
    Mark mark = mark(published, table);
    Lineage lineage = Lineage.since(table, mark.snapshot());
    if (mark.snapshot() != Mark.NOTHING && lineage.origin() != Origin.SNAPSHOT) {
      takeBack(published, table, mark);
      lineage = Lineage.since(table, marks.get(published.topic()).snapshot());
    }
    if (lineage.origin() == Origin.UNKNOWN) {
      whole(published, table);
    } else {
      steps(published, table, lineage);
    }
  }

  private void steps(PublishedTable published, Table table, Lineage lineage) {
    Changes changes = published.changes(table);
    Snapshot before = lineage.base();
    for (Step step : lineage.steps()) {
      Snapshot base = before;
      write(published, table, out -> changes.step(step, base, out), step.last());
      before = step.last();
    }
  }

  /** The beginning of the table has expired, and nothing was published yet. */
  private void whole(PublishedTable published, Table table) {
    Snapshot now = table.currentSnapshot();
    write(published, table, out -> published.changes(table).whole(now, out), now);
  }

  private void takeBack(PublishedTable published, Table table, Mark mark) {
    Snapshot was = table.snapshot(mark.snapshot());
    if (was == null) {
      throw gap(published, mark);
    }
    List<Snapshot> undone = new ArrayList<>(Lineage.undone(table, was));
    Snapshot oldest = undone.get(undone.size() - 1);
    Snapshot base = oldest.parentId() == null ? null : table.snapshot(oldest.parentId());
    if (oldest.parentId() != null && base == null) {
      throw gap(published, mark);
    }
    write(published, table, out -> published.changes(table).undone(undone, base, was, out), base);
  }

  private void write(
      PublishedTable published, Table table, TopicWriter.Content content, Snapshot last) {
    Mark before = marks.get(published.topic());
    Mark after =
        writer.transaction(
            published, content, records -> before.at(table, last, generation, records));
    marks.put(published.topic(), after);
  }

  /** The mark of a table; a topic that has none becomes the mirror's, if nobody wrote to it. */
  private Mark mark(PublishedTable published, Table table) {
    String topic = published.topic();
    String topicId = topicIds.get(topic);
    String tableId = table.uuid().toString();
    Mark known = marks.get(topic);
    if (known == null) {
      refuseForeign(topic);
      Mark claimed = Mark.claimed(topicId, tableId, generation);
      marks.put(topic, writer.transaction(published, out -> {}, records -> claimed));
      return claimed;
    }
    // The generation of a mark says nothing to a table of another lake.
    if (!known.tableId().equals(tableId)) {
      throw TopicState.goneError(topic, published.name());
    }
    refuseFenced(published, known.generation());
    return known;
  }

  private void refuseForeign(String topic) {
    try (Admin admin = clients.admin()) {
      if (new PublishTopics(admin).written(topic) > 0) {
        throw TopicState.foreignError(topic);
      }
    }
  }

  private void refuseFenced(PublishedTable published, long newest) {
    if (newest > generation) {
      throw Fenced.of(published.name(), newest, generation);
    }
  }

  private static MirrorException gap(PublishedTable published, Mark mark) {
    return PublishGap.of(
        published.topic(),
        "snapshots of "
            + published.name()
            + " after epoch "
            + mark.epoch()
            + " have expired before they were published");
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
