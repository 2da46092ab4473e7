package io.datamirror.demo;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Up to which version of their common history the tables have come. */
public final class DemoReach {
  private final Map<DemoTable, Long> last = new EnumMap<>(DemoTable.class);

  private DemoReach() {
    for (DemoTable table : DemoTable.values()) {
      last.put(table, Long.MAX_VALUE);
    }
  }

  /** Everything has happened. */
  public static DemoReach whole() {
    return new DemoReach();
  }

  /**
   * As a user says it.
   *
   * @param limits a version for all tables, or {@code table=version} for one; the last one counts
   * @throws MirrorException if one of them is neither
   */
  public static DemoReach of(List<String> limits) {
    DemoReach reach = whole();
    limits.forEach(reach::limit);
    return reach;
  }

  private void limit(String text) {
    int equals = text.indexOf('=');
    String version = text.substring(equals + 1);
    if (!version.matches("[0-9]{1,18}")) {
      throw wrong(text);
    }
    if (equals < 0) {
      last.replaceAll((table, all) -> Long.valueOf(version));
    } else {
      DemoTable table = table(text.substring(0, equals)).orElseThrow(() -> wrong(text));
      last.put(table, Long.valueOf(version));
    }
  }

  private static Optional<DemoTable> table(String name) {
    return Arrays.stream(DemoTable.values())
        .filter(table -> table.lakeName().equals(name))
        .findFirst();
  }

  private static MirrorException wrong(String text) {
    return new MirrorException(
        ErrorCode.WRONG_ARGUMENT,
        "--until " + text,
        "it is neither a version nor a version of one of the demo's tables",
        "Write 1188, or countries=1189.");
  }

  /** No change is taken back: what happened to a table stays. */
  void requireNotBehind(DemoTable table, long version) {
    if (version > last.get(table)) {
      throw new MirrorException(
          ErrorCode.WRONG_ARGUMENT,
          "--until " + last.get(table),
          "the history of " + table.lakeName() + " in this directory is at " + version + " already",
          "Name that version or a later one, or another directory with --keep.");
    }
  }

  /** Whether this change of the table has happened. */
  boolean includes(DemoTable table, String[] change) {
    return DemoWarehouse.version(change) <= last.get(table);
  }

  /** Whether everything has happened to the table. */
  boolean whole(DemoTable table) {
    return last.get(table) == Long.MAX_VALUE;
  }
}
