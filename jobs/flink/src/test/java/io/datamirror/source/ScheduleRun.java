package io.datamirror.source;

import io.datamirror.connect.HeldConnection;
import io.datamirror.feed.Position;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.SourceSettings.Until;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Drives a schedule by hand: answers its questions at once, and reads what it hands out. */
final class ScheduleRun {

  final FakeWarehouse warehouse;
  final MirrorPlan plan;
  final Map<String, LakeStart> lake = new HashMap<>();
  SourceSettings settings = SourceSettings.of(Until.STOPPED).withChunkRows(10);
  MirrorSchedule schedule;
  long nowMillis;

  ScheduleRun(FakeWarehouse warehouse, MirrorPlan plan) {
    this.warehouse = warehouse;
    this.plan = plan;
  }

  ScheduleRun untilNow() {
    settings =
        new SourceSettings(
            Until.NOW,
            settings.recalled(),
            settings.announced(),
            settings.board(),
            settings.chunkRows(),
            settings.batchRows(),
            settings.retryLimit());
    return this;
  }

  ScheduleRun inBatch() {
    settings = settings.withRecalled(SourceSettings.Recalled.AT_ONCE);
    return this;
  }

  ScheduleRun inLake(String table, LakeStart start) {
    lake.put(table, start);
    return this;
  }

  ScheduleRun start() {
    schedule = MirrorSchedule.fresh(plan, rules());
    return this;
  }

  /** The same mirror in another process, from the state of this one as it was serialized. */
  ScheduleRun restoredWith(MirrorPlan changed) throws Exception {
    ScheduleRun run = new ScheduleRun(warehouse, changed);
    run.settings = settings;
    run.nowMillis = nowMillis;
    MirrorEnumeratorStateSerializer format = MirrorEnumeratorStateSerializer.INSTANCE;
    MirrorEnumeratorState state =
        format.deserialize(format.getVersion(), format.serialize(schedule.state()));
    run.schedule = MirrorSchedule.restored(changed, run.rules(), state);
    return run;
  }

  private ScheduleRules rules() {
    return ScheduleRules.of(settings, plan.spec().source());
  }

  /** Answers questions until there is none to be asked now. */
  ScheduleRun ask() throws Exception {
    Planning planning =
        new Planning(
            settings,
            plan,
            table -> lake.getOrDefault(table.name(), LakeStart.NOTHING),
            new PlanningConnections(() -> new HeldConnection(warehouse.connections())));
    List<Question> questions = schedule.questions(nowMillis);
    while (!questions.isEmpty()) {
      for (Question question : questions) {
        schedule.answered(question, planning.answer(question), nowMillis);
      }
      questions = schedule.questions(nowMillis);
    }
    planning.close();
    return this;
  }

  /** Lets time pass, here and in the warehouse. */
  ScheduleRun pass(long millis) {
    nowMillis += millis;
    warehouse.clockMillis.addAndGet(millis);
    return this;
  }

  /** Takes every split there is. */
  List<MirrorSplit> takeAll() {
    List<MirrorSplit> taken = new ArrayList<>();
    Optional<MirrorSplit> split = schedule.take();
    while (split.isPresent()) {
      taken.add(split.get());
      split = schedule.take();
    }
    return taken;
  }

  List<ChunkSplit> takeChunks() {
    return takeAll().stream().map(ChunkSplit.class::cast).toList();
  }

  /** Reads splits to their end, with changes of this greatest time. */
  void read(List<? extends MirrorSplit> splits, long maxTimeMillis) {
    schedule.finished(
        splits.stream()
            .map(split -> new Finished(split.splitId(), split.table(), 1, maxTimeMillis))
            .toList());
  }

  /** Asks, takes and reads until nothing more comes of it now, and tells the windows. */
  List<WindowFrame> readOn() throws Exception {
    List<WindowFrame> windows = new ArrayList<>();
    List<ChunkSplit> chunks;
    do {
      ask();
      chunks = takeChunks();
      chunks.forEach(
          chunk -> {
            if (chunk.index() == 0) {
              windows.add(chunk.frame());
            }
          });
      read(chunks, Long.MIN_VALUE);
    } while (!chunks.isEmpty());
    return windows;
  }

  static String from(ChunkSplit chunk) {
    return chunk.chunk().from();
  }

  static Position at(long position) {
    return new Position(Long.toString(position));
  }
}
