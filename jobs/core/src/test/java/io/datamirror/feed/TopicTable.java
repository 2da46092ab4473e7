package io.datamirror.feed;

import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.record.BadRecord;
import io.datamirror.record.RecordParser;
import io.datamirror.spec.RecordSpec;
import io.datamirror.spec.TableSpec;
import java.util.Map;

/** The table of a topic: hands what its records become to a collector. */
final class TopicTable {

  private static final String PLACE = "items-0@7";

  private final RecordDecoder decoder;

  TopicTable(TableSpec spec, RecordCollector collector) {
    this.decoder = resolve(spec).decoder(collector);
  }

  static RecordTable resolve(TableSpec spec) {
    return RecordTable.resolve(
        spec,
        Map.of(
            RecordSpec.OFFSET, ColumnType.of(Kind.LONG),
            RecordSpec.RECORD_TIME, ColumnType.of(Kind.TIMESTAMP_WITH_ZONE)));
  }

  /** Reads the record at offset 7, as a topic's reader does. */
  void read(RecordParser parser, byte[] key, byte[] value) {
    try {
      parser
          .parse(key, value)
          .ifPresent(record -> decoder.deliver(record, PLACE, Map.of(RecordSpec.OFFSET, 7L)));
    } catch (BadRecord e) {
      decoder.unreadable(PLACE, "{\"offset\":7}", e.getMessage());
    }
  }
}
