package io.datamirror.files;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Feed;
import io.datamirror.feed.RecordTable;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.RecordFormat;
import io.datamirror.spec.SecretText;
import io.datamirror.spec.SourceSpec;
import io.datamirror.spec.SourceType;
import io.datamirror.spec.TableSpec;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One file of changes for a table that has another source.
 *
 * @param directory the address of the directory that it is in
 * @param name its name there
 */
public record SingleFile(String directory, String name, RecordFormat format) {

  private static final Pattern PLAIN = Pattern.compile("[^*?\\[\\]{}\\\\]+");
  private static final Map<String, RecordFormat> FORMATS =
      Map.of(
          "csv", RecordFormat.CSV,
          "json", RecordFormat.JSON,
          "jsonl", RecordFormat.JSON,
          "ndjson", RecordFormat.JSON,
          "parquet", RecordFormat.PARQUET);

  /**
   * The file of a path; its format is told by the end of its name.
   *
   * @throws MirrorException if there is no such file, or its name does not say what it is
   */
  public static SingleFile of(String path) {
    String address = FilePlace.of(path).address();
    int slash = address.lastIndexOf('/');
    String name = address.substring(slash + 1);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    RecordFormat format = FORMATS.get(plain.substring(plain.lastIndexOf('.') + 1));
    if (format == null || !PLAIN.matcher(name).matches()) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          path,
          "its name does not say what it is",
          "Call it something.csv, .json, .parquet, .csv.gz or .json.gz.");
    }
    SingleFile file = new SingleFile(address.substring(0, slash), name, format);
    file.requireThere(path);
    return file;
  }

  private void requireThere(String path) {
    if (!there(path)) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT, path, "there is no such file", "Name one that exists.");
    }
  }

  private boolean there(String path) {
    try {
      return !client().list(name, path).isEmpty();
    } catch (MirrorException e) {
      // What to do about a source's table is no help here.
      if (e.code() == ErrorCode.SOURCE_TABLE_MISSING) {
        return false;
      }
      throw e;
    }
  }

  private FileClient client() {
    return new FileClient(new FilePlace(directory), Duration.ZERO);
  }

  /** The file as the source of a mirror. */
  public SourceSpec source() {
    return new SourceSpec(
        SourceType.FILES,
        SecretText.of(directory),
        null,
        null,
        Map.of(),
        Duration.ofSeconds(1),
        Duration.ZERO,
        OnHistoryLost.STOP,
        2,
        1_000,
        Duration.ofMinutes(15),
        0);
  }

  /**
   * The file as the feed of a table: its columns are called as those of the table's source. Any
   * other is refused: where it is the operation that is called otherwise, every delete would be an
   * upsert of nothing but a key. Where its rows stand says nothing of the table's: what ranks them
   * must be in the file, {@code _file_time} and {@code _line} of a table of files too.
   */
  public Feed feed(TableSpec spec, ChangeLayout layout) {
    RecordTable table =
        new RecordTable(
            layout,
            spec.operationColumn(),
            RecordTable.TimeNeed.OPTIONAL,
            layout.columns().stream().map(Column::source).collect(Collectors.toSet()),
            RecordTable.Undeclared.REFUSED);
    return new FileFeed(name, table, format, FileFeed.Place.OF_THE_ROW);
  }
}
