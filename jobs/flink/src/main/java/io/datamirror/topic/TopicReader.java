package io.datamirror.topic;

import io.datamirror.avro.AvroRecords;
import io.datamirror.avro.DebeziumAvroRecords;
import io.datamirror.change.ChangeSink;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.RecordDecoder;
import io.datamirror.feed.Resume;
import io.datamirror.record.BadRecord;
import io.datamirror.record.DebeziumRecords;
import io.datamirror.record.DebeziumRecords.Tombstones;
import io.datamirror.record.JsonRecords;
import io.datamirror.record.RecordParser;
import io.datamirror.record.SourceRecord;
import io.datamirror.spec.RecordSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the records of one partition between two offsets. */
final class TopicReader implements ChunkReader {

  private static final Duration POLL = Duration.ofMillis(200);

  /** A consumer waits for a broker without a word: after so much silence the broker is asked. */
  private static final long SILENCE_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Duration ANSWER = Duration.ofSeconds(15);

  private static final Duration EARLIER_END = Duration.ofSeconds(30);

  private static final long LAST_MILLIS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  private final TopicFeed feed;
  private final TopicClient client;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicRange range;
  private final TopicPartition partition;
  private final RecordParser parser;
  private final EndWatch end;
  private RecordDecoder decoder;
  private Iterator<ConsumerRecord<byte[], byte[]>> fetched = Collections.emptyIterator();
  private long next;
  private long heardNanos = System.nanoTime();

  TopicReader(TopicFeed feed, TopicClient client, TopicRange range, Resume resume)
      throws SQLException {
    this.feed = feed;
    this.client = client;
    this.consumer = client.consumer();
    this.range = range;
    this.partition = new TopicPartition(range.topic(), range.partition());
    this.parser = parser(feed, client);
    this.end = new EndWatch(range.to(), EARLIER_END);
    this.next = resume.cursor().isEmpty() ? range.from() : Long.parseLong(resume.cursor());
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, next);
    } catch (RuntimeException e) {
      throw client.thrown(e, partition.toString());
    }
  }

  private static RecordParser parser(TopicFeed feed, TopicClient client) {
    List<String> key =
        feed.layout().key().stream()
            .map(column -> feed.layout().columns().get(column).source())
            .toList();
    Tombstones tombstones = feed.offsetsRank() ? Tombstones.DELETE : Tombstones.PASS_OVER;
    return switch (feed.format()) {
      case JSON -> new JsonRecords(key);
      case DEBEZIUM_JSON -> new DebeziumRecords(tombstones);
      case AVRO -> new AvroRecords(client.schemas(), key);
      case DEBEZIUM_AVRO -> new DebeziumAvroRecords(client.schemas(), tombstones, key);
      case CSV, PARQUET -> throw new IllegalStateException("no topic holds " + feed.format());
    };
  }

  @Override
  public int read(ChangeSink sink, int maxRows) throws SQLException {
    if (decoder == null || !decoder.serves(sink)) {
      decoder = feed.table().decoder(sink);
    }
    int delivered = 0;
    while (delivered < maxRows && next < range.to()) {
      if (!fetched.hasNext()) {
        fetch();
        continue;
      }
      ConsumerRecord<byte[], byte[]> record = fetched.next();
      if (record.offset() >= range.to()) {
        next = range.to();
      } else {
        delivered += deliver(record);
        next = record.offset() + 1;
      }
    }
    return delivered;
  }

  private void fetch() throws SQLException {
    try {
      fetched = consumer.poll(POLL).records(partition).iterator();
      if (fetched.hasNext()) {
        heard();
        return;
      }
      long position = consumer.position(partition, ANSWER);
      if (position > next) {
        // What is passed over are marks of transactions and records that were compacted away.
        next = Math.min(position, range.to());
        heard();
      } else if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
        long now = consumer.endOffsets(List.of(partition), ANSWER).get(partition);
        client.answered();
        requireEnd(now);
        heardNanos = System.nanoTime();
      }
    } catch (MirrorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw client.thrown(e, partition.toString());
    }
  }

  private void heard() {
    heardNanos = System.nanoTime();
    end.heard();
    client.answered();
  }

  private void requireEnd(long now) {
    if (end.lost(now, System.nanoTime())) {
      throw new MirrorException(
          ErrorCode.HISTORY_LOST,
          partition.toString(),
          "it ends at " + now + " and ended at " + range.to() + " before it was read",
          "It was cut short or created again; mirror it into a new table from what it has.");
    }
  }

  private int deliver(ConsumerRecord<byte[], byte[]> record) {
    String where = range.place(record.offset());
    try {
      Optional<SourceRecord> parsed = parser.parse(record.key(), record.value());
      parsed.ifPresent(known -> decoder.deliver(known, where, place(record)));
      return parsed.isPresent() ? 1 : 0;
    } catch (BadRecord e) {
      decoder.unreadable(where, raw(record), e.getMessage());
      return 1;
    }
  }

  private static Map<String, Object> place(ConsumerRecord<byte[], byte[]> record) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put(RecordSpec.OFFSET, record.offset());
    place.put(RecordSpec.RECORD_TIME, time(record.timestamp()));
    return place;
  }

  /** The time of a record; null for one that no column can hold, which its writer cannot mean. */
  static OffsetDateTime time(long millis) {
    return millis < 0 || millis > LAST_MILLIS
        ? null
        : Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  /** Names of topics need no escaping, and base64 neither. */
  private static String raw(ConsumerRecord<byte[], byte[]> record) {
    return String.format(
        "{\"topic\":\"%s\",\"partition\":%d,\"offset\":%d,\"key\":%s,\"value\":%s}",
        record.topic(),
        record.partition(),
        record.offset(),
        base64(record.key()),
        base64(record.value()));
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? "null" : "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
  }

  @Override
  public Resume resume() {
    return new Resume(Long.toString(next), new long[0]);
  }

  @Override
  public void cancel() {
    consumer.wakeup();
  }

  @Override
  public void close() {}
}
