package io.datamirror.files;

import io.datamirror.record.BadRecord;
import io.datamirror.record.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Comma-separated values as in RFC 4180, in UTF-8, under a line of column names. A value between
 * double quotes may hold commas, line ends, and double quotes written twice. An empty value without
 * quotes is NULL, {@code ""} is an empty text.
 */
final class CsvRows implements FileRows {

  /** A quote that is never closed would swallow the rest of the file. */
  private static final int MOST_LINES = 10_000;

  private final Lines lines;
  private final List<String> keyColumns;
  private List<String> header;
  private byte[] raw = new byte[0];
  private long line;

  /**
   * @param keyColumns columns that the header must have
   */
  CsvRows(Lines lines, List<String> keyColumns) {
    this.lines = lines;
    this.keyColumns = List.copyOf(keyColumns);
  }

  @Override
  public Optional<SourceRecord> next() throws IOException, BadRecord, BrokenFile {
    if (header == null) {
      header = header();
    }
    if (header.isEmpty() || !read()) {
      return Optional.empty();
    }
    List<String> values = CsvText.values(text(raw));
    if (values.size() != header.size()) {
      throw new BadRecord(
          "the number of its values is " + values.size() + ", and of columns " + header.size());
    }
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      row.put(header.get(i), values.get(i));
    }
    return Optional.of(new SourceRecord(null, row));
  }

  /** An empty file has no columns, and no rows either. */
  private List<String> header() throws IOException, BrokenFile {
    if (!read()) {
      return List.of();
    }
    List<String> names;
    try {
      names = CsvText.values(text(raw));
    } catch (BadRecord e) {
      throw new BrokenFile("its line of column names cannot be read: " + e.getMessage());
    }
    if (names.contains(null) || names.contains("")) {
      throw new BrokenFile("a column has no name in its first line");
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new BrokenFile("a column stands twice in its first line");
    }
    for (String key : keyColumns) {
      if (!names.contains(key)) {
        throw new BrokenFile("the key column " + key + " is not in its first line");
      }
    }
    return names;
  }

  /** Takes the lines of one row; whether there is one. Empty lines say nothing. */
  private boolean read() throws IOException, BrokenFile {
    byte[] next;
    do {
      next = lines.next();
    } while (next != null && next.length == 0);
    if (next == null) {
      return false;
    }
    line = lines.number();
    raw = next;
    int taken = 1;
    if (CsvText.opensValue(raw)) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(next);
      do {
        boolean returned = lines.endedWithReturn();
        next = lines.next();
        if (next == null || taken++ == MOST_LINES) {
          throw new BrokenFile("a quote that opens here is never closed");
        }
        if (returned) {
          whole.write('\r');
        }
        whole.write('\n');
        whole.writeBytes(next);
        raw = whole.toByteArray();
      } while (CsvText.leavesValueOpen(next));
    }
    return true;
  }

  private static String text(byte[] bytes) throws BadRecord {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadRecord("its bytes are not UTF-8");
    }
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public byte[] raw() {
    return raw;
  }

  @Override
  public void close() {
    lines.close();
  }
}
