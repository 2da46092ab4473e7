package io.datamirror.source;

import io.datamirror.plan.MirrorPlan;
import io.datamirror.plan.TablePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The schedules of all tables of a mirror: hands out splits in turn, so that a table with many does
 * not keep the others waiting, and keeps the mirror's watermark. One thread at a time.
 */
final class MirrorSchedule {

  private final MirrorPlan plan;
  private final Map<String, String> laws;
  private final List<TableSchedule> tables;
  private final Map<String, TableSchedule> byName = new LinkedHashMap<>();
  private final Set<Integer> silent = new HashSet<>();
  private final boolean awaitsReaders;
  private int turn;

  private MirrorSchedule(
      MirrorPlan plan, ScheduleRules rules, Map<String, String> laws, List<TableSchedule> tables) {
    this.plan = plan;
    this.laws = laws;
    this.tables = tables;
    this.awaitsReaders = rules.recalled() == SourceSettings.Recalled.WITH_CHECKPOINT;
    tables.forEach(table -> byName.put(table.plan().name(), table));
  }

  /** The schedule of a mirror that starts without state. */
  static MirrorSchedule fresh(MirrorPlan plan, ScheduleRules rules) {
    return restored(plan, rules, new MirrorEnumeratorState(plan.generation(), List.of()));
  }

  /**
   * The schedule of a mirror that goes on. Tables that the plan no longer has are forgotten; tables
   * that the state does not know begin without state.
   */
  static MirrorSchedule restored(
      MirrorPlan plan, ScheduleRules rules, MirrorEnumeratorState state) {
    Map<String, TableState> known =
        state.tables().stream().collect(Collectors.toMap(TableState::table, Function.identity()));
    List<TableSchedule> tables = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      TableState fresh = TableState.fresh(table.name(), table.identity());
      TableState kept = known.getOrDefault(table.name(), fresh);
      boolean newRun = state.generation() != plan.generation();
      tables.add(new TableSchedule(table, rules, newRun ? kept.forNewRun() : kept));
    }
    return new MirrorSchedule(plan, rules, state.laws(), tables);
  }

  /**
   * Looks whether the state was made by the plan's law.
   *
   * @throws io.datamirror.error.MirrorException if it was not
   */
  void requireSameLaw() {
    KeptLaw.requireSame(plan, laws);
  }

  /** Every question that has to be asked now. */
  List<Question> questions(long nowMillis) {
    if (!silent.isEmpty()) {
      return List.of();
    }
    List<Question> questions = new ArrayList<>();
    tables.forEach(table -> table.question(nowMillis).ifPresent(questions::add));
    return questions;
  }

  /** The schedule of a table of the plan. */
  TableSchedule table(String name) {
    return byName.get(name);
  }

  /** See {@link TableSchedule#answered}. */
  void answered(Question question, Answer answer, long nowMillis) {
    table(question.table().name()).answered(answer, nowMillis, watermarkMillis());
  }

  /** The next split: of the table whose turn it is among those that have one. */
  Optional<MirrorSplit> take() {
    if (!silent.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < tables.size(); i++) {
      MirrorSplit split = tables.get((turn + i) % tables.size()).take();
      if (split != null) {
        turn = (turn + i + 1) % tables.size();
        return Optional.of(split);
      }
    }
    return Optional.empty();
  }

  /** Readers have read splits to their end. */
  void finished(List<Finished> splits) {
    for (Finished split : splits) {
      TableSchedule table = byName.get(split.table());
      if (table != null) {
        table.finished(split);
      }
    }
  }

  /**
   * A reader failed. Until it says what it goes on with, nobody knows which windows are being read
   * again; so nothing is planned or handed out. Where readers do not run side by side, as in batch,
   * that could wait for ever, and there every split comes back here.
   *
   * @param splits those of its splits that no checkpoint held
   */
  void readerFailed(int reader, List<MirrorSplit> splits) {
    if (awaitsReaders) {
      silent.add(reader);
    }
    List<MirrorSplit> known =
        splits.stream().filter(split -> byName.containsKey(split.table())).toList();
    for (int i = known.size() - 1; i >= 0; i--) {
      table(known.get(i).table()).givenBack(known.get(i));
    }
  }

  /**
   * A reader begins, and says what it goes on with.
   *
   * @return the tables that were stopped and are read on by it
   */
  List<TablePlan> readerStarted(int reader, ReaderEvent.Started started) {
    silent.remove(reader);
    Set<TableSchedule> readOn = new LinkedHashSet<>();
    for (Ticket ticket : started.reading()) {
      TableSchedule table = byName.get(ticket.table());
      if (table != null && table.reopened(ticket)) {
        readOn.add(table);
      }
    }
    finished(started.finished());
    return readOn.stream()
        .filter(table -> table.refused().isEmpty())
        .map(TableSchedule::plan)
        .toList();
  }

  void checkpointBegins(long checkpointId) {
    tables.forEach(table -> table.checkpointBegins(checkpointId));
  }

  void checkpointCompleted(long checkpointId) {
    tables.forEach(table -> table.checkpointCompleted(checkpointId));
  }

  /** The least watermark of all tables, or {@link Long#MIN_VALUE}. */
  long watermarkMillis() {
    return tables.stream().mapToLong(TableSchedule::watermarkMillis).min().orElse(Long.MIN_VALUE);
  }

  /** Whether readers that failed have not come back. */
  boolean awaitingReaders() {
    return !silent.isEmpty();
  }

  /** Whether every table was read up to where it should be. */
  boolean done() {
    return tables.stream().allMatch(TableSchedule::done);
  }

  /** How many splits no reader has. */
  long pending() {
    return tables.stream().mapToLong(TableSchedule::pending).sum();
  }

  List<TableProgress> progress() {
    return tables.stream().map(TableSchedule::progress).toList();
  }

  MirrorEnumeratorState state() {
    return new MirrorEnumeratorState(
        plan.generation(), tables.stream().map(TableSchedule::state).toList(), KeptLaw.of(plan));
  }
}
