package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.connect.HeldConnection;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.Identity;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.SimulatedReader.Emitted;
import io.datamirror.source.SourceSettings.Until;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.api.connector.source.SplitEnumerator;

/**
 * The enumerator with readers and checkpoints as Flink runs them, in one thread and by one seed:
 * the enumerator's part of a checkpoint is taken first, each reader's later; what readers tell in
 * between is lost to the checkpoint. Tasks fail and go back to the last checkpoint while the
 * enumerator lives on; or the whole job does, with another parallelism, also after a checkpoint
 * that ended it, which the enumerator does not know.
 */
final class FailoverSimulation {

  private static final List<String> TABLES = List.of("plain", "based", "known");
  private static final int RECALLED = 3;

  private final Random random;
  private final FakeWarehouse warehouse;
  private final MirrorPlan plan;
  private final SourceSettings settings;
  private final MirrorEnumeratorStateSerializer format = MirrorEnumeratorStateSerializer.INSTANCE;
  private final List<Emitted> settled = new ArrayList<>();
  private final List<SimulatedReader> readers = new ArrayList<>();
  private final List<Assigned> assignments = new ArrayList<>();
  private FakeEnumeratorContext context;
  private SplitEnumerator<MirrorSplit, MirrorEnumeratorState> enumerator;
  private long nowMillis;
  private long checkpointId;
  private Running running;
  private Complete complete;

  /** A split that a reader was given, when so many had been given before. */
  private record Assigned(int reader, MirrorSplit split) {}

  /** A checkpoint under way. */
  private static final class Running {
    long id;
    boolean endsJob;
    byte[] enumerator;
    int assigned;
    final Map<Integer, List<MirrorSplit>> readers = new HashMap<>();
    final List<Emitted> emitted = new ArrayList<>();
  }

  private record Complete(
      long id,
      byte[] enumerator,
      int assigned,
      List<List<MirrorSplit>> readers,
      List<Emitted> emitted) {}

  FailoverSimulation(long seed) {
    random = new Random(seed);
    warehouse = FakeWarehouse.create("simulation");
    warehouse.clockMillis.set(1_000_000);
    warehouse.table("based").hasBase = true;
    TABLES.forEach(table -> warehouse.append(table, random.nextInt(30)));
    warehouse.append("known", 5);
    plan = TestPlans.plan(warehouse, random.nextInt(3) * 40L, TABLES.toArray(String[]::new));
    settings = SourceSettings.of(Until.STOPPED).withChunkRows(2 + random.nextInt(12));
    startJob(1 + random.nextInt(3));
  }

  private RecallPlanner lake() {
    return table ->
        table.name().equals("known")
            ? new LakeStart(
                Optional.of(ScheduleRun.at(5)),
                Identity.UNKNOWN,
                Long.MIN_VALUE,
                java.util.Collections.nCopies(RECALLED, new byte[] {1}))
            : LakeStart.NOTHING;
  }

  private void startJob(int parallelism) {
    ScheduleRules rules = ScheduleRules.of(settings, plan.spec().source());
    MirrorSchedule schedule =
        complete == null
            ? MirrorSchedule.fresh(plan, rules)
            : MirrorSchedule.restored(plan, rules, state(complete.enumerator()));
    PlanningConnections connections =
        new PlanningConnections(() -> new HeldConnection(warehouse.connections()));
    Planning planning = new Planning(settings, plan, lake(), connections);
    context = new FakeEnumeratorContext();
    enumerator =
        new MirrorEnumerator(
            context, plan, settings, schedule, context.inOneThread(planning), () -> nowMillis);
    enumerator.start();
    assignments.clear();
    if (complete != null) {
      complete =
          new Complete(
              complete.id(),
              complete.enumerator(),
              0,
              spread(complete.readers(), parallelism),
              complete.emitted());
    }
    startReaders(parallelism);
  }

  private static List<List<MirrorSplit>> spread(List<List<MirrorSplit>> states, int parallelism) {
    List<List<MirrorSplit>> spread = new ArrayList<>();
    for (int i = 0; i < parallelism; i++) {
      spread.add(new ArrayList<>());
    }
    int next = 0;
    for (List<MirrorSplit> splits : states) {
      for (MirrorSplit split : splits) {
        spread.get(next++ % parallelism).add(split);
      }
    }
    return spread;
  }

  private void startReaders(int parallelism) {
    readers.clear();
    settled.clear();
    running = null;
    if (complete != null) {
      settled.addAll(complete.emitted());
    }
    for (int i = 0; i < parallelism; i++) {
      List<MirrorSplit> restored = complete == null ? List.of() : complete.readers().get(i);
      readers.add(new SimulatedReader(i, warehouse, restored));
      context.register(i);
    }
  }

  private MirrorEnumeratorState state(byte[] bytes) {
    try {
      return format.deserialize(format.getVersion(), bytes);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Lets anything happen. */
  void disturb(int steps) throws Exception {
    int failing = 1 + random.nextInt(20);
    for (int i = 0; i < steps; i++) {
      int what = random.nextInt(1_000);
      if (what < failing) {
        failTasks();
      } else if (what < failing + 5) {
        startJob(1 + random.nextInt(3));
      } else if (what < 50) {
        warehouse.append(TABLES.get(random.nextInt(3)), 1 + random.nextInt(9));
      } else if (what < 100) {
        pass(random.nextInt(20_000));
      } else {
        work();
      }
    }
  }

  /** Lets all that is left be read, and checks that it came once and whole. */
  void settle() throws Exception {
    for (int i = 0; i < 6; i++) {
      pass(TestPlans.POLL_MILLIS + 1);
      for (int idle = 0; idle < 200; idle++) {
        work();
        idle = readers.stream().allMatch(SimulatedReader::idle) ? idle : 0;
      }
    }
    checkAll();
  }

  private void pass(long millis) {
    nowMillis += millis;
    warehouse.clockMillis.addAndGet(millis);
  }

  private void work() throws Exception {
    SimulatedReader reader = readers.get(random.nextInt(readers.size()));
    switch (random.nextInt(6)) {
      case 0 -> context.tick();
      case 1 -> tell(reader);
      case 2 -> reader.receive();
      case 3, 4 -> read(reader);
      default -> checkpoint();
    }
    deliver();
  }

  private void tell(SimulatedReader reader) {
    ReaderEvent event = reader.toEnumerator.poll();
    if (event != null) {
      enumerator.handleSourceEvent(reader.index, event);
    } else if (reader.asks) {
      reader.asks = false;
      enumerator.handleSplitRequest(reader.index, null);
    }
  }

  /** A checkpoint may be the last of the job: who has not gone on after it is told nothing. */
  private void deliver() {
    for (SimulatedReader reader : readers) {
      Deque<Object> sent = context.sent.getOrDefault(reader.index, new ArrayDeque<>());
      if (running != null && (running.endsJob || !running.readers.containsKey(reader.index))) {
        assertThat(sent).as("said to reader %s, which may have ended", reader.index).isEmpty();
      }
      while (!sent.isEmpty()) {
        Object message = sent.poll();
        if (message instanceof MirrorSplit split) {
          assignments.add(new Assigned(reader.index, split));
        }
        reader.inbox.add(message);
      }
    }
  }

  private void read(SimulatedReader reader) {
    int before = reader.log.size();
    reader.read(1 + random.nextInt(5));
    long watermark =
        readers.stream().mapToLong(each -> each.watermarkMillis).min().orElse(Long.MIN_VALUE);
    for (Emitted emitted : reader.log.subList(before, reader.log.size())) {
      assertThat(emitted.timeMillis())
          .as("%s comes before the watermark passes it", emitted.text())
          .isGreaterThanOrEqualTo(watermark);
      if (emitted.table().equals("known") && !emitted.text().startsWith("recall")) {
        assertThat(complete).as("a checkpoint before %s", emitted.text()).isNotNull();
        assertThat(complete.emitted())
            .filteredOn(e -> e.text().startsWith("recall"))
            .hasSize(RECALLED);
      }
      if (emitted.part() == Chunk.Part.SNAPSHOT) {
        baseReadMillis = warehouse.clockMillis.get();
      }
    }
  }

  private long baseReadMillis = Long.MIN_VALUE;

  private void checkpoint() throws Exception {
    if (running == null) {
      // Flink begins none before every task runs, and readers tell that they begin before that.
      if (random.nextInt(3) == 0 && readers.stream().noneMatch(SimulatedReader::beginning)) {
        deliver();
        running = new Running();
        running.id = ++checkpointId;
        running.endsJob = random.nextInt(40) == 0;
        running.enumerator = format.serialize(enumerator.snapshotState(running.id));
        running.assigned = assignments.size();
        running.emitted.addAll(settled);
      }
      return;
    }
    if (random.nextInt(30) == 0) {
      abort();
      return;
    }
    SimulatedReader reader = readers.get(random.nextInt(readers.size()));
    if (!running.readers.containsKey(reader.index)) {
      while (!reader.inbox.isEmpty()) {
        reader.receive();
      }
      running.readers.put(reader.index, reader.state());
      running.emitted.addAll(reader.log);
      settled.addAll(reader.log);
      reader.log.clear();
      if (!running.endsJob) {
        reader.goesOn(running.id);
      }
    }
    if (running.readers.size() == readers.size()) {
      List<List<MirrorSplit>> states = new ArrayList<>();
      readers.forEach(each -> states.add(running.readers.get(each.index)));
      complete =
          new Complete(
              running.id,
              running.enumerator,
              running.assigned,
              states,
              List.copyOf(running.emitted));
      if (random.nextInt(5) > 0) {
        enumerator.notifyCheckpointComplete(complete.id());
      }
      if (running.endsJob) {
        endJob();
      }
      running = null;
    }
  }

  /** Tasks end one after the other, and the enumerator does not know. */
  private void endJob() {
    for (int i = 0; i < 5; i++) {
      pass(TestPlans.POLL_MILLIS);
      context.tick();
      tell(readers.get(random.nextInt(readers.size())));
      deliver();
    }
    startJob(1 + random.nextInt(3));
  }

  private void abort() throws Exception {
    boolean stopping = running.endsJob;
    enumerator.notifyCheckpointAborted(running.id);
    running = null;
    if (stopping) {
      failTasks();
    }
  }

  /** All tasks go back to the last checkpoint; the enumerator does not. */
  private void failTasks() {
    boolean heard = random.nextBoolean();
    for (SimulatedReader reader : readers) {
      while (heard && !reader.toEnumerator.isEmpty()) {
        enumerator.handleSourceEvent(reader.index, reader.toEnumerator.poll());
      }
    }
    deliver();
    int kept = complete == null ? 0 : complete.assigned();
    List<Assigned> lost = new ArrayList<>(assignments.subList(kept, assignments.size()));
    assignments.subList(kept, assignments.size()).clear();
    for (SimulatedReader reader : readers) {
      context.unregister(reader.index);
      enumerator.addSplitsBack(
          lost.stream().filter(each -> each.reader() == reader.index).map(Assigned::split).toList(),
          reader.index);
    }
    context.tick();
    context.sent.clear();
    startReaders(readers.size());
  }

  private void checkAll() {
    List<String> texts = new ArrayList<>();
    settled.forEach(emitted -> texts.add(emitted.text()));
    readers.forEach(reader -> reader.log.forEach(emitted -> texts.add(emitted.text())));
    assertThat(readers).allMatch(SimulatedReader::idle);
    assertThat(texts).filteredOn(text -> !text.startsWith("row based")).doesNotHaveDuplicates();
    for (String table : TABLES) {
      int first = table.equals("known") ? 6 : 1;
      int last = warehouse.table(table).rows.size();
      for (int position = first; position <= last; position++) {
        assertThat(texts).contains("row " + table + " " + position);
      }
      checkWindows(table, texts);
    }
    TableState based = enumeratorState("based");
    assertThat(based.snapshotEndMillis()).isGreaterThanOrEqualTo(baseReadMillis);
  }

  private TableState enumeratorState(String table) {
    try {
      return enumerator.snapshotState(Long.MAX_VALUE).tables().stream()
          .filter(state -> state.table().equals(table))
          .findFirst()
          .orElseThrow();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A position after the base table is only given when the base table was read before it. */
  private void checkLabel(String table, String ended) {
    String[] words = ended.split(" ", -1);
    if (table.equals("based") && !words[3].isEmpty()) {
      assertThat(Long.parseLong(words[2])).as(ended).isGreaterThanOrEqualTo(baseReadMillis);
    }
  }

  /** Windows are begun and ended once a chunk, without gaps, and the last says the position. */
  private void checkWindows(String table, List<String> texts) {
    long windows = enumeratorState(table).nextWindow() - 1;
    String label = "";
    for (long window = 1; window <= windows; window++) {
      String id = table + "/" + window + "/";
      List<String> begun = texts.stream().filter(t -> t.startsWith("begin " + id)).toList();
      List<String> ended = texts.stream().filter(t -> t.startsWith("end " + id)).toList();
      assertThat(begun).as("begins of %s", id).isNotEmpty();
      assertThat(ended).as("ends of %s", id).hasSameSizeAs(begun);
      label = ended.get(0).substring(ended.get(0).lastIndexOf(' ') + 1);
      checkLabel(table, ended.get(0));
    }
    int rows = warehouse.table(table).rows.size();
    assertThat(windows == 0 ? rows : Integer.parseInt("0" + label))
        .as("position of %s", table)
        .isEqualTo(table.equals("known") && windows == 0 ? 5 : rows);
  }
}
