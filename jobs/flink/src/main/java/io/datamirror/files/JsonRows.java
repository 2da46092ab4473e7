package io.datamirror.files;

import io.datamirror.record.BadRecord;
import io.datamirror.record.JsonRecords;
import io.datamirror.record.SourceRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** JSON objects, one a line; empty lines say nothing. */
final class JsonRows implements FileRows {

  private final Lines lines;
  private final JsonRecords parser = new JsonRecords(List.of());
  private byte[] line = new byte[0];

  JsonRows(Lines lines) {
    this.lines = lines;
  }

  @Override
  public Optional<SourceRecord> next() throws IOException, BadRecord, BrokenFile {
    do {
      line = lines.next();
    } while (line != null && blank(line));
    return line == null ? Optional.empty() : parser.parse(null, line);
  }

  private static boolean blank(byte[] line) {
    for (byte letter : line) {
      if (letter != ' ' && letter != '\t') {
        return false;
      }
    }
    return true;
  }

  @Override
  public long line() {
    return lines.number();
  }

  @Override
  public byte[] raw() {
    return line;
  }

  @Override
  public void close() {
    lines.close();
  }
}
