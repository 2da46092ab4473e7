package io.datamirror.files;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Position;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files were read: how many there were in all, and the marks of those that were still there
 * when the last of them was planned.
 *
 * <p>Neither names nor times tell which files are new, since a file may be moved into a directory
 * long after it was written. So each file is remembered for as long as it is there; the number only
 * says which of two positions is later.
 *
 * @param count how many files were seen and waited for, from the first on
 * @param unread how many of them were gone before they were read
 * @param marks see {@link ChangeFile#mark}
 */
record FilePosition(long count, long unread, Set<String> marks) {

  static final FilePosition BEGINNING = new FilePosition(0, 0, Set.of());

  /** As many marks as a snapshot's summary bears. */
  static final int MOST_FILES = 20_000;

  /** Begins the number of files that were not read; no mark begins so. */
  private static final String UNREAD = "*";

  FilePosition {
    marks = new TreeSet<>(marks);
  }

  /** Reads a position that {@link #position} wrote for the table of this name. */
  static FilePosition of(Position position, String table) {
    if (position.beginning()) {
      return BEGINNING;
    }
    int colon = position.text().indexOf(':');
    try {
      long count = Long.parseLong(position.text().substring(0, colon));
      return of(count, position.text().substring(colon + 1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.BAD_POSITION,
          table,
          "the stored position is none of files",
          "Was the source of this table changed in the spec? Then mirror it into a new table.");
    }
  }

  private static FilePosition of(long count, String text) {
    long unread = 0;
    Set<String> marks = new TreeSet<>();
    for (String part : text.isEmpty() ? List.<String>of() : List.of(text.split(","))) {
      if (part.startsWith(UNREAD)) {
        unread = Long.parseLong(part.substring(UNREAD.length()));
      } else {
        marks.add(part);
      }
    }
    return new FilePosition(count, unread, marks);
  }

  Position position() {
    // Among the marks, a release that does not know the number takes it for a file that is gone.
    Stream<String> number = unread == 0 ? Stream.of() : Stream.of(UNREAD + unread);
    return new Position(
        count + ":" + Stream.concat(number, marks.stream()).collect(Collectors.joining(",")));
  }

  /** How many files were read. */
  long read() {
    return count - unread;
  }

  /** The position after all files up to a number, where none is left to be read. */
  FilePosition passingOver(long seen) {
    return new FilePosition(seen, unread + seen - count, marks);
  }

  boolean has(ChangeFile file) {
    return marks.contains(file.mark());
  }

  /**
   * The position after {@code read}, which this one does not have, of all files that are {@code
   * present}.
   */
  FilePosition after(Collection<ChangeFile> read, Collection<ChangeFile> present, String table) {
    Set<String> kept = new TreeSet<>();
    present.stream().map(ChangeFile::mark).filter(marks::contains).forEach(kept::add);
    read.stream().map(ChangeFile::mark).forEach(kept::add);
    if (kept.size() > MOST_FILES) {
      throw new MirrorException(
          ErrorCode.TOO_MANY_FILES,
          table,
          "its directory holds more than " + MOST_FILES + " files",
          read.size() > MOST_FILES
              ? "Leave so many there at most; move the others in when those are read and moved away."
              : "Move files away that were read; what was read stays read.");
    }
    return new FilePosition(count + read.size(), unread, kept);
  }
}
