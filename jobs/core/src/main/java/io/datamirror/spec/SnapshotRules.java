package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.List;

/** What holds for tables whose base table is read by JDBC and whose changes come from topics. */
final class SnapshotRules {

  private SnapshotRules() {}

  static void check(TableDraft draft, SourceSpec source) {
    if (draft.keys().has(TableKeys.SNAPSHOT) && source.snapshot() == null) {
      draft
          .place(TableKeys.SNAPSHOT)
          .report(
              ErrorCode.MISSING_KEY,
              "the source does not say which database base tables are in",
              "Add it to the source, for example " + SpecKeys.SNAPSHOT.exampleLine());
    }
    if (source.onHistoryLost() == OnHistoryLost.SNAPSHOT && source.snapshot() != null) {
      checkReadAgain(draft, source);
    }
  }

  /**
   * A row that is read anew must beat what the lake has of it, and no change that comes after. Only
   * a version says so: an offset is of one partition, and nobody knows which that of a row is.
   */
  private static void checkReadAgain(TableDraft draft, SourceSpec source) {
    if (!draft.keys().has(TableKeys.SNAPSHOT)) {
      report(
          draft,
          TableKeys.SNAPSHOT,
          "on-history-lost: snapshot needs a base table to read again",
          "Add snapshot: with the base table, or write on-history-lost: stop.");
    }
    if (!draft.keys().hasContent(TableKeys.VERSION)) {
      report(
          draft,
          TableKeys.VERSION,
          "on-history-lost: snapshot needs a version: no offset says whether a row that is read"
              + " anew is newer than that of the lake",
          "Add version: with the columns that do, or write on-history-lost: stop.");
    }
    checkTie(draft, source);
    Lateness lateness = draft.table().allowedLateness();
    if (lateness != null
        && lateness.limit().isPresent()
        && !draft.keys().has(TableKeys.TIMESTAMP)) {
      report(
          draft,
          TableKeys.TIMESTAMP,
          "rows of a base table have no time of a record, which allowed-lateness goes by",
          "Declare the timestamp of the rows, or leave allowed-lateness out.");
    }
  }

  /** What a base table no longer has is deleted with the version that the row has in the lake. */
  static void checkTie(TableDraft draft, SourceSpec source) {
    if (source.onHistoryLost() == OnHistoryLost.SNAPSHOT
        && draft.table().tie() == TieRule.UPSERT_WINS) {
      report(
          draft,
          TableKeys.TIE,
          "on-history-lost: snapshot cannot delete what the base table no longer has, since by tie:"
              + " upsert-wins a row beats its own deletion",
          "Write tie: delete-wins, or on-history-lost: stop.");
    }
  }

  /** Beside tables that can be read anew, others may have feeds that lose no history. */
  static void checkHistory(Keys spec, SourceSpec source, List<TableDraft> drafts) {
    boolean allIncremental =
        !drafts.isEmpty()
            && drafts.stream().allMatch(draft -> draft.table().feed() == FeedKind.INCREMENTAL);
    if (source.onHistoryLost() != OnHistoryLost.STOP && allIncremental) {
      spec.value(SpecKeys.SOURCE)
          .where(SpecKeys.ON_HISTORY_LOST)
          .report(
              ErrorCode.CONTRADICTION,
              "no table has a history that could be lost: those of an incremental feed have none",
              "Write on-history-lost: stop.");
    }
  }

  private static void report(TableDraft draft, SpecKey<?> key, String sentence, String nextStep) {
    draft.place(key).report(ErrorCode.CONTRADICTION, sentence, nextStep);
  }

  /** A database that nothing is read from is a mistake. */
  static void checkUsed(Keys spec, SourceSpec source, List<TableDraft> drafts) {
    boolean used = drafts.stream().anyMatch(draft -> draft.keys().has(TableKeys.SNAPSHOT));
    if (source.snapshot() != null && !drafts.isEmpty() && !used) {
      spec.value(SpecKeys.SOURCE)
          .where(SpecKeys.SNAPSHOT)
          .report(
              ErrorCode.CONTRADICTION,
              "no table has a base table that is read there",
              "Add snapshot: with its base table to a table, or take this out.");
    }
  }
}
