package io.datamirror.files;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.ColumnType;
import io.datamirror.change.ColumnType.Kind;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Identity;
import io.datamirror.feed.Position;
import io.datamirror.feed.RecordTable;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import io.datamirror.spec.RecordFormat;
import io.datamirror.spec.RecordSpec;
import io.datamirror.spec.TableSpec;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of changes as the source of one table: a window is all files that are new and have settled,
 * or as many of them as it may hold; a chunk is one file.
 *
 * @param source a file, a directory, or a pattern of files, below the directory of the spec
 * @param table what the rows look like
 * @param format how they are written
 * @param place what is told of where a row stands
 */
record FileFeed(String source, RecordTable table, RecordFormat format, Place place)
    implements Feed {

  /** What the columns {@code _file_time} and {@code _line} are. */
  enum Place {
    /** Where the row stands: the position in the source. */
    OF_THE_FILE,
    /** Columns like any other: the file was written for a table whose rows stand elsewhere. */
    OF_THE_ROW
  }

  /** Each is a split that checkpoints hold until it is read. */
  static final int MOST_IN_WINDOW = 1_000;

  private static final Map<String, ColumnType> PLACES = new LinkedHashMap<>();

  static {
    PLACES.put(RecordSpec.FILE_TIME, ColumnType.of(Kind.TIMESTAMP_WITH_ZONE));
    PLACES.put(RecordSpec.LINE, ColumnType.of(Kind.LONG));
  }

  static FileFeed resolve(Connection connection, TableSpec spec, List<String> order)
      throws SQLException {
    RecordTable table = RecordTable.resolve(spec, PLACES, order);
    FileFeed feed = new FileFeed(spec.source(), table, spec.records().format(), Place.OF_THE_FILE);
    feed.list(connection);
    return feed;
  }

  private List<ChangeFile> list(Connection connection) throws SQLException {
    return FileClient.of(connection).list(source, name());
  }

  String name() {
    return layout().table();
  }

  @Override
  public ChangeLayout layout() {
    return table.layout();
  }

  /** Files are told from their namesakes one by one. */
  @Override
  public Identity identity(Connection connection) {
    return Identity.UNKNOWN;
  }

  @Override
  public Position head(Connection connection, Position last) throws SQLException {
    List<ChangeFile> present = list(connection);
    FilePosition read = FilePosition.of(last, name());
    List<ChangeFile> fresh = present.stream().filter(file -> !read.has(file)).toList();
    return fresh.isEmpty() && !last.beginning()
        ? last
        : read.after(fresh, present, name()).position();
  }

  @Override
  public Optional<Window> nextWindow(
      Connection connection, Position last, Observed seen, long settleMillis) throws SQLException {
    List<ChangeFile> present = list(connection);
    FilePosition read = FilePosition.of(last, name());
    long clockMillis = clockMillis(connection);
    List<ChangeFile> fresh = present.stream().filter(file -> !read.has(file)).toList();
    List<ChangeFile> settled =
        fresh.stream().filter(file -> settled(file, seen, clockMillis, settleMillis)).toList();
    FilePosition wanted = FilePosition.of(seen.head(), name());
    List<ChangeFile> chosen = chosen(fresh, settled, wanted);
    if (!chosen.isEmpty()) {
      // What is settled and left out may have any time: nothing is known to be complete yet.
      long settledMillis = chosen.size() < settled.size() ? Long.MIN_VALUE : clockMillis;
      Position to = read.after(chosen, present, name()).position();
      return Optional.of(new Window(last, to, settledMillis));
    }
    // What was seen may have been removed or written again before it settled: then there is nothing
    // to wait for. What was written again is another file, and is read when that one has settled.
    boolean gone = fresh.stream().noneMatch(wanted::has) && compare(seen.head(), last) > 0;
    if (!gone) {
      return Optional.empty();
    }
    // The rows of what is there and not settled may have any time.
    long settledMillis = fresh.isEmpty() ? clockMillis : Long.MIN_VALUE;
    Position to = read.passingOver(wanted.count()).position();
    return Optional.of(new Window(last, to, settledMillis));
  }

  /**
   * As many files as a window holds, and none that came later before all that were seen: positions
   * only count files, and a run with an end has read what it saw when it has read as many.
   */
  private static List<ChangeFile> chosen(
      List<ChangeFile> fresh, List<ChangeFile> settled, FilePosition seen) {
    List<ChangeFile> first = settled.stream().filter(seen::has).toList();
    boolean allSettled = fresh.stream().filter(seen::has).count() == first.size();
    Stream<ChangeFile> others = settled.stream().filter(file -> allSettled && !seen.has(file));
    return Stream.concat(first.stream(), others).limit(MOST_IN_WINDOW).toList();
  }

  /**
   * Whether a file has stayed as it is for long enough. One from the future was written by another
   * clock, which says nothing: it waits for as long since files were first seen.
   */
  private static boolean settled(
      ChangeFile file, Observed seen, long clockMillis, long settleMillis) {
    boolean future = file.modifiedMillis() > clockMillis;
    long sinceMillis = future ? seen.clockMillis() : file.modifiedMillis();
    return sinceMillis + settleMillis <= clockMillis;
  }

  @Override
  public List<Chunk> chunks(Connection connection, Window window, long rows) throws SQLException {
    FilePosition from = FilePosition.of(window.from(), name());
    FilePosition to = FilePosition.of(window.to(), name());
    List<ChangeFile> files =
        list(connection).stream().filter(file -> to.has(file) && !from.has(file)).toList();
    long wanted = to.marks().stream().filter(mark -> !from.marks().contains(mark)).count();
    if (files.size() < wanted) {
      throw new MirrorException(
          ErrorCode.HISTORY_LOST,
          name(),
          "a file was removed or written again before it was read",
          "Put it back; give new files new names, and move them in when they are complete.");
    }
    return files.stream().map(ChangeFile::chunk).toList();
  }

  @Override
  public void requireWhole(Connection connection, Position to) throws SQLException {
    FilePosition read = FilePosition.of(to, name());
    if (read.read() > read.marks().size()) {
      throw gone("Compare before files are moved away, or mirror all files into a new table.");
    }
    if (list(connection).stream().filter(read::has).count() < read.read()) {
      throw gone("Compare when they are back.");
    }
  }

  private MirrorException gone(String nextStep) {
    return new MirrorException(
        ErrorCode.HISTORY_NOT_KEPT,
        name(),
        "files that were read are gone, so that nothing can be compared with them",
        nextStep);
  }

  @Override
  public Snapshot snapshot() {
    return Snapshot.NONE;
  }

  @Override
  public List<Chunk> snapshotChunks(Connection connection, Position at, long rows) {
    return List.of();
  }

  @Override
  public ChunkReader open(Connection connection, Chunk chunk, Resume resume, int fetchSize)
      throws SQLException {
    ChangeFile file = ChangeFile.of(chunk);
    try {
      return FileReader.open(this, FileClient.of(connection), file, resume);
    } catch (IOException e) {
      throw FileClient.unreachable(e, name(), file.path());
    }
  }

  @Override
  public long clockMillis(Connection connection) {
    return System.currentTimeMillis();
  }

  @Override
  public int compare(Position left, Position right) {
    if (left.beginning() || right.beginning()) {
      return Boolean.compare(!left.beginning(), !right.beginning());
    }
    return Long.compare(
        FilePosition.of(left, name()).count(), FilePosition.of(right, name()).count());
  }

  @Override
  public List<String> statements() {
    return List.of("LIST " + source, "READ each file that is new and has settled");
  }
}
