package io.datamirror.simulation;

import io.datamirror.resolve.testing.Shape;
import io.datamirror.resolve.testing.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that outlives a job, and the chance that rules what happens to it: sources that write,
 * requests that arrive late, a clock that jumps, people who restart jobs.
 */
final class World {

  private static final int CHAOS_STEPS = 3_000;
  private static final int CALM_STEPS = 60_000;
  private static final double CANCELLED = 0.3;
  private static final double OVERLAP = 0.3;
  private static final long HOUR_MILLIS = 3_600_000;

  final Settings settings;
  final Chance chance;
  final Trace trace;
  final List<SourceLog> logs = new ArrayList<>();
  final Lake lake;
  final Audit audit;

  private final Map<Integer, Shape> shapes = new HashMap<>();
  private final int[] settled;
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private final List<Runnable> late = new ArrayList<>();
  private final Map<CrashPoint, Integer> crashes = new EnumMap<>(CrashPoint.class);
  private final Map<Stopped.Reason, Integer> stops = new EnumMap<>(Stopped.Reason.class);
  private Job crashed;
  private Start start;
  private long clockMillis;
  private int units;
  private int attempts;
  private boolean calm;

  World(Settings settings, Trace trace) {
    this.settings = settings;
    this.chance = new Chance(settings.seed());
    this.trace = trace;
    for (Shape shape : settings.shapes()) {
      logs.add(new SourceLog(shape, settings.keys()));
      shapes.put(shape.table(), shape);
    }
    this.settled = new int[logs.size()];
    this.lake = new Lake(this, logs.size());
    this.audit = new Audit(this);
  }

  /** Lets everything happen that can go wrong, then lets the mirror come to rest. */
  void run() {
    for (int i = 0; i < CHAOS_STEPS && units < settings.units(); i++) {
      trace.step();
      happen();
      work();
    }
    calm = true;
    trace.add("calm");
    for (int i = 0; i < CALM_STEPS; i++) {
      trace.step();
      rest();
      work();
      if (start == null && late.isEmpty() && newestJobAtRest()) {
        audit.atRest();
        return;
      }
    }
    throw new Violation("the mirror does not come to rest");
  }

  /** Older ones may be idle for ever: they notice that they are fenced when they commit. */
  private boolean newestJobAtRest() {
    return jobs.stream()
        .max(Comparator.comparingLong(Job::generation))
        .filter(Job::atRest)
        .isPresent();
  }

  private void happen() {
    int event = chance.below(400);
    if (event < 8) {
      chance.pick(logs).append(chance);
      units++;
    } else if (event < 12 && !late.isEmpty()) {
      late.remove(chance.below(late.size())).run();
    } else if (event == 12) {
      clockMillis += chance.of(0.5) ? HOUR_MILLIS : -HOUR_MILLIS;
    } else if (event == 13 && start == null && jobs.size() == 1 && chance.of(OVERLAP)) {
      submit();
    }
    if (event == 14 && !jobs.isEmpty() && chance.of(CANCELLED)) {
      trace.add("cancelled");
      lose(chance.pick(jobs));
      crashed = null;
    }
    clockMillis += 100;
  }

  private void rest() {
    clockMillis += 10_000;
    while (units < settings.units()) {
      chance.pick(logs).append(chance);
      units++;
    }
    if (!late.isEmpty()) {
      late.remove(chance.below(late.size())).run();
    }
  }

  private void work() {
    if (jobs.isEmpty() && start == null) {
      recover();
    }
    boolean starting = start != null && (jobs.isEmpty() || chance.of(0.3));
    Job job = starting || jobs.isEmpty() ? null : chance.pick(jobs);
    try {
      if (job != null) {
        job.step();
      } else if (start != null) {
        Job running = start.step();
        if (running != null) {
          jobs.add(running);
          start = null;
        }
      }
    } catch (Crash crash) {
      trace.add("crash %s", crash.getMessage());
      lose(job);
    } catch (Stopped stopped) {
      trace.add("stopped %s", stopped.getMessage());
      stops.merge(stopped.reason(), 1, Integer::sum);
      lose(job);
      crashed = null;
    }
  }

  private void lose(Job job) {
    if (job == null) {
      start = null;
    } else {
      jobs.remove(job);
      crashed = job;
    }
  }

  private void recover() {
    if (crashed != null && chance.of(0.6)) {
      trace.add("failover");
      jobs.add(new Job(this, crashed.generation(), crashed.latest()));
      return;
    }
    submit();
  }

  /** Somebody submits the job anew: from a state, old or new, or from the lake. */
  private void submit() {
    boolean fromState = !checkpoints.isEmpty() && chance.of(0.6);
    Checkpoint newest = checkpoints.isEmpty() ? null : checkpoints.get(checkpoints.size() - 1);
    Checkpoint any = chance.of(0.5) || newest == null ? newest : chance.pick(checkpoints);
    start = new Start(this, fromState ? any : null);
    trace.add("submitted from %s", fromState ? "checkpoint " + any.id : "the lake");
  }

  /** A planned crash may strike here. */
  void at(CrashPoint point) {
    double rate = point == CrashPoint.ANYWHERE ? 0.05 * settings.crashRate() : settings.crashRate();
    if (!calm && settings.crashPoints().contains(point) && chance.of(rate)) {
      crashes.merge(point, 1, Integer::sum);
      throw new Crash(point);
    }
  }

  /** Windows end where the log is settled; that never goes back, whoever asks. */
  int settle(int table, int last) {
    int head = logs.get(table).head();
    settled[table] = chance.between(Math.max(settled[table], last + 1), head);
    return settings.has(Flaw.SHORT_WINDOWS_AFTER_START)
        ? chance.between(last + 1, settled[table])
        : settled[table];
  }

  void completed(Checkpoint checkpoint) {
    checkpoints.add(checkpoint);
  }

  /** Happens some time later, whatever becomes of the job. */
  void later(Runnable request) {
    late.add(request);
  }

  /** Counts on with every call; for ids that nobody can find again. */
  int attempts(int base) {
    attempts++;
    return attempts + base;
  }

  boolean calm() {
    return calm;
  }

  long clockMillis() {
    return clockMillis;
  }

  /** The greatest time of a change in any log. */
  long newestMillis() {
    long newest = 0;
    for (SourceLog log : logs) {
      newest = Math.max(newest, log.newestMillis());
    }
    return newest;
  }

  Map<Integer, Shape> shapes() {
    return shapes;
  }

  /** The number that a table has here, by its number in keys. */
  int indexOf(int tableNumber) {
    for (int i = 0; i < logs.size(); i++) {
      if (logs.get(i).shape().table() == tableNumber) {
        return i;
      }
    }
    throw new IllegalArgumentException("no table " + tableNumber);
  }

  Map<CrashPoint, Integer> crashes() {
    return crashes;
  }

  Map<Stopped.Reason, Integer> stops() {
    return stops;
  }
}
