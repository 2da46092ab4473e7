package io.datamirror.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.concurrent.Executors;

/** Runs calls only when it is told to, in the thread that tells it. */
final class FakeEnumeratorContext implements SplitEnumeratorContext<MirrorSplit> {

  int parallelism = 2;
  final Map<Integer, List<MirrorSplit>> assigned = new LinkedHashMap<>();
  final List<Integer> ended = new ArrayList<>();
  final Map<Integer, List<SourceEvent>> events = new HashMap<>();

  /** Splits and events in the order in which they were sent. */
  final Map<Integer, Deque<Object>> sent = new HashMap<>();

  private final Map<Integer, ReaderInfo> readers = new LinkedHashMap<>();
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
  private Runnable tick = () -> {};

  void register(int reader) {
    readers.put(reader, new ReaderInfo(reader, "here"));
  }

  /** Questions are answered where they are asked; the answers come as calls do. */
  PlanningThreads inOneThread(Planning planning) {
    return new PlanningThreads(this, planning, Executors.newDirectExecutorService());
  }

  void unregister(int reader) {
    readers.remove(reader);
  }

  /** The periodic call, and all calls that follow from it. */
  void tick() {
    tick.run();
    while (!calls.isEmpty()) {
      calls.poll().run();
    }
  }

  List<MirrorSplit> assigned(int reader) {
    return assigned.getOrDefault(reader, List.of());
  }

  /** The watermarks that a reader was told. */
  List<Long> watermarks(int reader) {
    return events.getOrDefault(reader, List.of()).stream()
        .filter(EnumeratorEvent.Watermark.class::isInstance)
        .map(event -> ((EnumeratorEvent.Watermark) event).millis())
        .toList();
  }

  @Override
  public SplitEnumeratorMetricGroup metricGroup() {
    return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
  }

  @Override
  public void sendEventToSourceReader(int reader, SourceEvent event) {
    events.computeIfAbsent(reader, key -> new ArrayList<>()).add(event);
    sent(reader).add(event);
  }

  @Override
  public int currentParallelism() {
    return parallelism;
  }

  @Override
  public Map<Integer, ReaderInfo> registeredReaders() {
    return readers;
  }

  @Override
  public void assignSplits(SplitsAssignment<MirrorSplit> splits) {
    splits
        .assignment()
        .forEach(
            (reader, given) -> {
              assigned.computeIfAbsent(reader, key -> new ArrayList<>()).addAll(given);
              sent(reader).addAll(given);
            });
  }

  private Deque<Object> sent(int reader) {
    return sent.computeIfAbsent(reader, key -> new ArrayDeque<>());
  }

  @Override
  public void signalNoMoreSplits(int reader) {
    ended.add(reader);
  }

  @Override
  public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
    calls.add(() -> call(callable, handler));
  }

  private static <T> void call(Callable<T> callable, BiConsumer<T, Throwable> handler) {
    T result;
    try {
      result = callable.call();
    } catch (Exception e) {
      handler.accept(null, e);
      return;
    }
    handler.accept(result, null);
  }

  @Override
  public <T> void callAsync(
      Callable<T> callable, BiConsumer<T, Throwable> handler, long initialDelay, long period) {
    tick = () -> call(callable, handler);
  }

  @Override
  public void runInCoordinatorThread(Runnable runnable) {
    calls.add(runnable);
  }
}
