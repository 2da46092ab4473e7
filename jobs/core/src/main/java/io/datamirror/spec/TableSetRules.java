package io.datamirror.spec;

import io.datamirror.change.KeyId;
import io.datamirror.error.ErrorCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds between the tables of a spec. */
final class TableSetRules {
  private final List<TableDraft> drafts;

  TableSetRules(List<TableDraft> drafts) {
    this.drafts = drafts;
  }

  void check() {
    checkNames();
    drafts.forEach(this::checkReferences);
  }

  private void checkNames() {
    Map<String, TableDraft> byName = new HashMap<>();
    Map<Integer, TableDraft> byNumber = new HashMap<>();
    for (TableDraft draft : drafts) {
      String name = draft.table().name();
      if (name == null) {
        continue;
      }
      TableDraft first = byName.putIfAbsent(LakeName.folded(name), draft);
      if (first != null) {
        String sentence =
            first.table().name().equals(name)
                ? "the table " + Shown.quoted(name) + " stands at line "
                : "only case tells " + Shown.quoted(name) + " from the table at line ";
        draft
            .place(TableKeys.NAME)
            .report(
                ErrorCode.DUPLICATE_TABLE,
                sentence
                    + first.place(TableKeys.NAME).line()
                    + (first.table().name().equals(name) ? " already" : ""),
                "Give one of them another name.");
      } else {
        checkNumber(draft, byNumber.putIfAbsent(KeyId.tableNumber(name), draft));
      }
    }
  }

  /** State knows tables by the numbers of their names, and would take the two for one. */
  private static void checkNumber(TableDraft draft, TableDraft first) {
    if (first != null) {
      draft
          .place(TableKeys.NAME)
          .report(
              ErrorCode.DUPLICATE_TABLE,
              "by chance, this name and "
                  + Shown.quoted(first.table().name())
                  + " have one number in the state of a mirror",
              "Give one of them another name.");
    }
  }

  private void checkReferences(TableDraft draft) {
    Set<Object> seen = new HashSet<>();
    for (RelationshipSpec relationship : draft.table().relationships()) {
      checkOnce(draft, relationship, seen);
      Optional<TableDraft> referenced =
          drafts.stream()
              .filter(candidate -> relationship.table().equals(candidate.table().name()))
              .findFirst();
      if (referenced.isEmpty()) {
        draft
            .place(TableKeys.RELATIONSHIPS)
            .report(
                ErrorCode.BAD_VALUE,
                "no table of this spec is called " + Shown.quoted(relationship.table()),
                "Mirror that table too, or take the relationship out.");
        continue;
      }
      relationship.referencedColumns().stream()
          .filter(column -> !referenced.get().table().stores(column))
          .forEach(column -> reportNotStored(draft, relationship.table(), column));
    }
  }

  private static void checkOnce(TableDraft draft, RelationshipSpec relationship, Set<Object> seen) {
    List<String> columns = relationship.columns();
    boolean twice = columns.stream().distinct().count() < columns.size();
    if (twice || !seen.add(List.of(columns, relationship.table()))) {
      draft
          .place(TableKeys.RELATIONSHIPS)
          .report(
              ErrorCode.CONTRADICTION,
              twice
                  ? "a column stands twice in " + Shown.plain(relationship.toString())
                  : "two relationships lead from "
                      + Shown.plain(String.join(", ", columns))
                      + " to "
                      + Shown.quoted(relationship.table()),
              "Take one of the two out.");
    }
  }

  private static void reportNotStored(TableDraft draft, String table, String column) {
    draft
        .place(TableKeys.RELATIONSHIPS)
        .report(
            ErrorCode.CONTRADICTION,
            "the column " + Shown.quoted(table + "." + column) + " is not stored in the lake",
            "Store it in that table, or take the relationship out.");
  }
}
