package io.datamirror.files;

import io.datamirror.record.BadRecord;
import io.datamirror.record.SourceRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The rows of one file, one after the other. */
interface FileRows {

  /**
   * The next row; empty at the end.
   *
   * @throws BadRecord if the row is not in the format; the next one may be
   * @throws BrokenFile if nothing more of the file can be read
   */
  Optional<SourceRecord> next() throws IOException, BadRecord, BrokenFile;

  /** Where the last row begins: its line, or its number where there are no lines, from 1. */
  long line();

  /** The bytes of the last row. */
  byte[] raw();

  /** Lets go of the file. */
  void close();

  /** Opens a file as its format says. */
  static FileRows open(FileFeed feed, FileClient client, ChangeFile file) throws IOException {
    return switch (feed.format()) {
      case CSV -> new CsvRows(lines(feed, client, file), keyColumns(feed));
      case JSON -> new JsonRows(lines(feed, client, file));
      case PARQUET -> new ParquetRows(new ParquetInput(client, file, feed.name()), feed.table());
      case DEBEZIUM_JSON, AVRO, DEBEZIUM_AVRO ->
          throw new IllegalStateException("no file holds " + feed.format());
    };
  }

  private static Lines lines(FileFeed feed, FileClient client, ChangeFile file) throws IOException {
    return Lines.of(client.open(file, feed.name()), file.path());
  }

  private static List<String> keyColumns(FileFeed feed) {
    return feed.layout().key().stream()
        .map(column -> feed.layout().columns().get(column).source())
        .toList();
  }
}
