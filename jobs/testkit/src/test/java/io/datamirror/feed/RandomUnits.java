package io.datamirror.feed;

import io.datamirror.testkit.warehouse.VersionedTable;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** Transactions of every kind on a table of id, part and note. */
final class RandomUnits {

  private static final int KEYS = 400;

  private RandomUnits() {}

  /** Commits one. */
  static long commit(VersionedTable table, Random random) throws SQLException {
    return table.commit(
        writer -> {
          int kind = random.nextInt(200);
          if (kind == 0) {
            writer.truncate();
          } else if (kind == 1) {
            writer.truncate();
            for (int i = 0; i < 150; i++) {
              writer.insert(i, "p" + i % 3, "rewritten");
            }
          } else {
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
              change(writer, random);
            }
          }
        });
  }

  private static void change(VersionedTable.Writer writer, Random random) throws SQLException {
    int id = random.nextInt(KEYS);
    switch (random.nextInt(4)) {
      case 0 -> writer.delete("ID", id);
      case 1 -> {
        int other = random.nextInt(KEYS);
        writer.delete("ID", other);
        writer.update("ID", id, other, "p" + other % 3, "moved");
      }
      default -> {
        writer.delete("ID", id);
        writer.insert(id, "p" + id % 3, List.of("a", "b", "c").get(random.nextInt(3)));
      }
    }
  }
}
