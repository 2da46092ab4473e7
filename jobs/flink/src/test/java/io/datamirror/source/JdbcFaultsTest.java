package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.error.MirrorException;
import io.datamirror.plan.MirrorPlan;
import io.datamirror.source.FaultRun.Hangs;
import io.datamirror.testkit.FaultPlan;
import io.datamirror.testkit.FaultPlan.Kind;
import io.datamirror.testkit.FaultPlan.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One fault of each kind at each point of JDBC, at the first, a middle and the last call of a run.
 * All rows come, each once; or the job has stopped by name. What hangs is cancelled within five
 * seconds.
 */
class JdbcFaultsTest {

  private static final int ROWS = 70;
  private static final Duration LONGEST_CANCEL = Duration.ofSeconds(5);

  @TestFactory
  List<DynamicTest> every_fault_ends_in_the_same_rows_or_a_named_error() throws Exception {
    List<DynamicTest> cases = new ArrayList<>();
    for (Point point : Point.values()) {
      int calls = callsWithoutFault(point);
      assertThat(calls).as("calls of %s", point).isPositive();
      for (Kind kind : Kind.values()) {
        for (int call : List.of(1, (calls + 1) / 2, calls)) {
          String name = kind + " at call " + call + " of " + calls + " of " + point;
          cases.add(DynamicTest.dynamicTest(name, () -> fails(point, kind, call)));
        }
      }
    }
    assertThat(cases).hasSize(120);
    return cases;
  }

  private static int callsWithoutFault(Point point) throws Exception {
    FaultPlan faults = FaultPlan.create();
    try (H2Warehouse warehouse = new H2Warehouse().changeTable("T", ROWS)) {
      MirrorPlan plan = warehouse.plan(faults.url(warehouse.url()), "T");
      faults.calm();
      try (FaultRun run = new FaultRun(plan, faults, Hangs.NEVER)) {
        assertThat(changes(run.readAll())).containsExactlyElementsOf(expected(plan));
      }
      return faults.calls(point);
    }
  }

  private static void fails(Point point, Kind kind, int call) throws Exception {
    FaultPlan faults = FaultPlan.create();
    try (H2Warehouse warehouse = new H2Warehouse().changeTable("T", ROWS)) {
      MirrorPlan plan = warehouse.plan(faults.url(warehouse.url()), "T");
      faults.failAt(point, kind, call);
      Hangs hangs = kind == Kind.HANG ? Hangs.EXPECTED : Hangs.NEVER;
      try (FaultRun run = new FaultRun(plan, faults, hangs)) {
        List<String> records = run.readAll();
        assertThat(changes(records)).containsExactlyElementsOf(expected(plan));
        assertThat(records).doesNotHaveDuplicates();
        assertThat(run.longestCancel).isLessThan(LONGEST_CANCEL);
      } catch (SuppressRestartsException stopped) {
        assertThat(kind).as("only what is final stops").isEqualTo(Kind.NON_TRANSIENT);
        assertThat(stopped).hasCauseInstanceOf(MirrorException.class);
      }
      if (point != Point.CLOSE) {
        assertThat(faults.fired()).as("the fault happened").isTrue();
      }
    }
  }

  private static List<String> changes(List<String> records) {
    return records.stream().filter(text -> text.startsWith("change")).sorted().toList();
  }

  private static List<String> expected(MirrorPlan plan) {
    int table = plan.tables().get(0).number();
    return IntStream.rangeClosed(1, ROWS)
        .mapToObj(id -> "change " + table + " " + id + " n" + id)
        .sorted()
        .toList();
  }
}
