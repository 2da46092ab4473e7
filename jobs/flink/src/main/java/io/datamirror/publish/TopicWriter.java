package io.datamirror.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datamirror.publish.Emitter.Action;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.Snapshot;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the changes of one commit and the mark of it in one transaction. One thread at a time. */
final class TopicWriter {

  private static final Logger LOG = LoggerFactory.getLogger(TopicWriter.class);

  /** Header of a record: the epoch that committed the change. */
  static final String EPOCH_HEADER = "data-mirror.epoch";

  /** Header of a record: the snapshot of the lake that has the change. */
  static final String SNAPSHOT_HEADER = "data-mirror.snapshot";

  private final KafkaProducer<byte[], byte[]> producer;
  private final String mirror;
  private final String controlTopic;

  /** What is written in a transaction. */
  interface Content {
    void write(Emitter emitter);
  }

  /** The mark of what was written. */
  interface MarkOf {
    Mark mark(long records);
  }

  TopicWriter(KafkaProducer<byte[], byte[]> producer, String mirror, String controlTopic) {
    this.producer = producer;
    this.mirror = mirror;
    this.controlTopic = controlTopic;
  }

  /** All of it, or, if it fails, nothing. When it fails, the outcome may still be unknown. */
  Mark transaction(PublishedTable table, Content content, MarkOf markOf) {
    producer.beginTransaction();
    try {
      Records records = new Records(table);
      content.write(records);
      Mark mark = markOf.mark(records.count);
      send(controlTopic, table.topic().getBytes(UTF_8), mark.toBytes(), null, List.of(), records);
      producer.flush();
      records.throwIfFailed();
      producer.commitTransaction();
      return mark;
    } catch (RuntimeException e) {
      abort();
      throw e;
    }
  }

  /** Readers of what is committed wait for a transaction that is left open. */
  private void abort() {
    boolean interrupted = Thread.interrupted();
    try {
      producer.abortTransaction();
    } catch (RuntimeException e) {
      LOG.debug("A transaction was left to the next start: {}", e.getClass().getSimpleName());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void send(
      String topic,
      byte[] key,
      byte[] value,
      Long timeMillis,
      List<Header> headers,
      Records records) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic, null, timeMillis, key, value, headers),
            (done, failure) -> {
              if (failure instanceof RuntimeException e) {
                records.failure.compareAndSet(null, e);
              }
            });
  }

  private final class Records implements Emitter {
    private final PublishedTable table;
    private final ChangeText text;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private long headersOf = -1;
    private List<Header> headers = List.of();
    private long count;

    Records(PublishedTable table) {
      this.table = table;
      this.text = new ChangeText(mirror, table.name());
    }

    @Override
    public void emit(Action action, String key, String row, Snapshot snapshot) {
      throwIfFailed();
      switch (table.style()) {
        case UPSERT -> send(key, row, snapshot);
        case DEBEZIUM -> {
          send(key, text.event(action, key, row, snapshot), snapshot);
          if (action == Action.DELETE) {
            send(key, null, snapshot);
          }
        }
      }
    }

    private void send(String key, String value, Snapshot snapshot) {
      if (snapshot.snapshotId() != headersOf) {
        headersOf = snapshot.snapshotId();
        headers =
            List.of(
                header(EPOCH_HEADER, CommitFacts.epoch(snapshot)),
                header(SNAPSHOT_HEADER, snapshot.snapshotId()));
      }
      byte[] bytes = value == null ? null : value.getBytes(UTF_8);
      TopicWriter.this.send(
          table.topic(), key.getBytes(UTF_8), bytes, snapshot.timestampMillis(), headers, this);
      count++;
    }

    private static Header header(String name, long value) {
      return new RecordHeader(name, Long.toString(value).getBytes(UTF_8));
    }

    private void throwIfFailed() {
      RuntimeException failed = failure.get();
      if (failed != null) {
        throw failed;
      }
    }
  }
}
