package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.List;

/** What a table's feed needs, and what it excludes. */
final class FeedRules {
  private static final List<SpecKey<?>> NOT_NATIVE =
      List.of(
          TableKeys.OPERATION,
          TableKeys.ORDER,
          TableKeys.CURSOR,
          TableKeys.TRANSACTION,
          TableKeys.SNAPSHOT,
          TableKeys.TIE);

  private FeedRules() {}

  static void check(TableDraft draft, SourceSpec source) {
    TableSpec table = draft.table();
    if (table.feed() == null && !draft.keys().has(TableKeys.FEED)) {
      draft
          .place(TableKeys.FEED)
          .report(
              ErrorCode.MISSING_KEY,
              "this key is missing",
              "Add it, for example " + TableKeys.FEED.exampleLine());
    }
    if (table.feed() != null) {
      switch (table.feed()) {
        case CHANGE_TABLE -> {
          checkChangeTable(draft, source);
          checkHasNoFeed(draft, source);
        }
        case INCREMENTAL -> {
          checkIncremental(draft);
          checkHasNoFeed(draft, source);
        }
        case NATIVE -> checkNative(draft, source);
        case APPENDS -> {
          checkAppends(draft, source);
          checkNative(draft, source);
        }
        case RECORDS ->
            draft
                .place(TableKeys.FEED)
                .report(
                    ErrorCode.CONTRADICTION,
                    "a source of type " + source.type() + " holds tables, not records",
                    "Name another feed, or write type: kafka or type: files.");
      }
    }
    checkTransaction(draft, source);
  }

  private static void checkChangeTable(TableDraft draft, SourceSpec source) {
    TableSpec table = draft.table();
    if (!draft.keys().has(TableKeys.CURSOR)) {
      draft
          .place(TableKeys.CURSOR)
          .report(
              ErrorCode.MISSING_KEY,
              "a change-table needs a cursor",
              "Add it, for example " + TableKeys.CURSOR.exampleLine());
    }
    if (table.snapshot() != null && table.snapshot().equals(table.source())) {
      draft
          .place(TableKeys.SNAPSHOT)
          .report(
              ErrorCode.CONTRADICTION,
              "the snapshot is the table of changes itself",
              "Name the base table, or take snapshot: out.");
    }
    if (source.onHistoryLost() == OnHistoryLost.SNAPSHOT && table.snapshot() == null) {
      draft
          .place(TableKeys.SNAPSHOT)
          .report(
              ErrorCode.CONTRADICTION,
              "on-history-lost: snapshot needs a base table to read again",
              "Add snapshot: with the base table, or write on-history-lost: stop.");
    }
    SnapshotRules.checkTie(draft, source);
  }

  private static void checkIncremental(TableDraft draft) {
    TableSpec table = draft.table();
    if (table.cursor() == null && !draft.keys().has(TableKeys.CURSOR)) {
      draft
          .place(TableKeys.CURSOR)
          .report(
              ErrorCode.MISSING_KEY,
              "an incremental feed needs a cursor, or one version column to take for it",
              "Add it, for example cursor: updated_at");
    }
    if (table.snapshot() != null) {
      draft
          .place(TableKeys.SNAPSHOT)
          .report(
              ErrorCode.CONTRADICTION,
              "an incremental feed reads the base table already",
              "Take snapshot: out, or read a table of changes with feed: change-table.");
    }
    // A default gives a number to new rows alone: one that is changed keeps that of the transaction
    // that inserted it, which no later window holds.
    if (table.transaction() != null) {
      draft
          .place(TableKeys.TRANSACTION)
          .report(
              ErrorCode.CONTRADICTION,
              "an incremental feed would miss every update: a row that changes keeps the number of"
                  + " the transaction that inserted it",
              "Take transaction: out, and make settle: longer than any writing transaction. Or read a"
                  + " table of changes, with feed: change-table. What was mirrored before needs another"
                  + " name then.");
    }
  }

  private static void checkNative(TableDraft draft, SourceSpec source) {
    if (source.type() == SourceType.JDBC) {
      draft
          .place(TableKeys.FEED)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type jdbc has no native feed",
              "Write feed: change-table or feed: incremental.");
      return;
    }
    // What the warehouse itself says of every change.
    for (SpecKey<?> key : NOT_NATIVE) {
      if (draft.keys().has(key)) {
        draft
            .place(key)
            .report(
                ErrorCode.CONTRADICTION,
                "a native feed has its own " + key.name(),
                "Take " + key.name() + ": out.");
      }
    }
  }

  private static void checkAppends(TableDraft draft, SourceSpec source) {
    if (source.type() != null && source.type() != SourceType.BIGQUERY) {
      draft
          .place(TableKeys.FEED)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " has no feed of appended rows",
              "Write feed: native, or type: bigquery.");
    }
  }

  private static void checkHasNoFeed(TableDraft draft, SourceSpec source) {
    boolean warehouse =
        source.type() != null
            && switch (source.type()) {
              case SNOWFLAKE, DATABRICKS, BIGQUERY -> true;
              case JDBC, KAFKA, FILES -> false;
            };
    if (warehouse) {
      draft
          .place(TableKeys.FEED)
          .report(
              ErrorCode.CONTRADICTION,
              "a source of type " + source.type() + " is read by its native feed",
              "Write feed: native, or type: jdbc to read tables of changes over the same driver.");
    }
  }

  private static void checkTransaction(TableDraft draft, SourceSpec source) {
    TableSpec table = draft.table();
    if (table.transaction() == null
        || table.feed() == FeedKind.INCREMENTAL
        || table.feed() != null && table.feed().ofWarehouse()) {
      return;
    }
    if (source.url() != null && isOtherThanPostgreSql(source.url().literal())) {
      draft
          .place(TableKeys.TRANSACTION)
          .report(
              ErrorCode.CONTRADICTION,
              "transaction works on PostgreSQL only",
              "Take transaction: out, and make settle: longer than any writing transaction.");
    }
    if (table.transaction().equals(table.cursor())) {
      draft
          .place(TableKeys.TRANSACTION)
          .report(
              ErrorCode.CONTRADICTION,
              "the transaction column is the cursor too",
              "Name two columns: the transaction, and the cursor that orders changes in it.");
    }
  }

  private static boolean isOtherThanPostgreSql(String url) {
    return url.startsWith("jdbc:") && !url.startsWith("jdbc:postgresql:");
  }
}
