package io.datamirror.files;

import io.datamirror.change.ChangeSink;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.RecordDecoder;
import io.datamirror.feed.Resume;
import io.datamirror.record.BadRecord;
import io.datamirror.record.SourceRecord;
import io.datamirror.spec.RecordSpec;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one file from its first row, or goes on behind the rows that were delivered: the file is
 * the same, so that they can be counted.
 */
final class FileReader implements ChunkReader {

  private final FileFeed feed;
  private final ChangeFile file;
  private final FileRows rows;
  private RecordDecoder decoder;
  private long skip;
  private long delivered;
  private boolean broken;
  private volatile boolean cancelled;

  private FileReader(FileFeed feed, ChangeFile file, FileRows rows, long skip) {
    this.feed = feed;
    this.file = file;
    this.rows = rows;
    this.skip = skip;
  }

  static FileReader open(FileFeed feed, FileClient client, ChangeFile file, Resume resume)
      throws IOException {
    long skip = resume.cursor().isEmpty() ? 0 : Long.parseLong(resume.cursor());
    return new FileReader(feed, file, FileRows.open(feed, client, file), skip);
  }

  @Override
  public int read(ChangeSink sink, int maxRows) throws SQLException {
    if (decoder == null || !decoder.serves(sink)) {
      decoder = feed.table().decoder(sink);
    }
    int count = 0;
    while (count < maxRows && !broken) {
      if (cancelled) {
        throw new SQLException("reading was cancelled");
      }
      try {
        Optional<SourceRecord> row = rows.next();
        if (row.isEmpty()) {
          break;
        }
        count += passedOver() ? 0 : deliver(row.get());
      } catch (BadRecord e) {
        count += passedOver() ? 0 : unreadable(e.getMessage(), rows.raw());
      } catch (BrokenFile e) {
        broken = true;
        count += passedOver() ? 0 : unreadable(e.getMessage(), null);
      } catch (IOException e) {
        throw FileClient.unreachable(e, feed.name(), file.path());
      }
    }
    delivered += count;
    return count;
  }

  private boolean passedOver() {
    if (skip == 0) {
      return false;
    }
    skip--;
    delivered++;
    return true;
  }

  private int deliver(SourceRecord row) {
    Map<String, Object> place =
        switch (feed.place()) {
          case OF_THE_FILE -> place();
          case OF_THE_ROW -> Map.of();
        };
    decoder.deliver(row, where(), place);
    return 1;
  }

  private Map<String, Object> place() {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put(
        RecordSpec.FILE_TIME, Instant.ofEpochMilli(file.modifiedMillis()).atOffset(ZoneOffset.UTC));
    place.put(RecordSpec.LINE, rows.line());
    return place;
  }

  /**
   * @param raw the row; null if it is the file that is broken
   */
  private int unreadable(String sentence, byte[] raw) {
    decoder.unreadable(where(), RawRow.json(file.path(), rows.line(), raw), sentence);
    return 1;
  }

  private String where() {
    return file.path() + ":" + rows.line();
  }

  @Override
  public Resume resume() {
    return new Resume(Long.toString(delivered), new long[0]);
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  @Override
  public void close() {
    rows.close();
  }
}
