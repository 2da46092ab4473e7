package io.datamirror.model;

import io.datamirror.spec.LakeName;
import io.datamirror.sql.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Gives tables of elsewhere their names in the lake, each its own. */
final class LakeNames {

  private final Set<String> taken = new HashSet<>();
  private final List<String> notes;

  LakeNames(List<String> notes) {
    this.notes = notes;
  }

  /** The table's own name, in lower case where it has no other, and made safe where it is not. */
  String of(TableName table) {
    return of(table.table().name(), table.toString());
  }

  String of(String own, String shown) {
    boolean oneCase = own.equals(own.toUpperCase(Locale.ROOT));
    String wanted = oneCase ? own.toLowerCase(Locale.ROOT) : own;
    String name = safe(wanted);
    String free = name;
    for (int number = 2; !taken.add(LakeName.folded(free)); number++) {
      free = name + "_" + number;
    }
    if (!free.equals(wanted)) {
      notes.add(shown + ": is called " + free + " in the lake, which takes no such name");
    }
    return free;
  }

  private static String safe(String name) {
    if (LakeName.problemOfTable(name).isEmpty()) {
      return name;
    }
    String safe = name.replaceAll("[^\\p{L}\\p{N}_]+", "_");
    if (LakeName.problemOfTable(safe).isPresent()) {
      safe = "table_" + safe;
    }
    return LakeName.problemOfTable(safe).isEmpty() ? safe : "table";
  }
}
