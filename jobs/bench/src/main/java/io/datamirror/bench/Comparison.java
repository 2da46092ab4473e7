package io.datamirror.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.datamirror.bench.Measurement.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * All measurements of one run, side by side.
 *
 * @param results one for each contender
 * @param failed contenders whose process broke down: they have no result
 */
record Comparison(Runner.Run run, List<Result> results, List<Contender> failed) {

  /**
   * What became of one contender.
   *
   * @param runs all of its runs, the slowest first
   */
  record Result(List<Measurement> runs) {

    Result {
      runs =
          runs.stream().sorted(Comparator.comparingDouble(Measurement::rowsPerCpuSecond)).toList();
    }

    /** The run of the median rate. */
    Measurement median() {
      return runs.get(runs.size() / 2);
    }

    /** The median of a figure, whichever run it is of. */
    double median(ToDoubleFunction<Measurement> figure) {
      return runs.stream().mapToDouble(figure).sorted().toArray()[runs.size() / 2];
    }

    double rate() {
      return median().rowsPerCpuSecond();
    }

    double least() {
      return runs.get(0).rowsPerCpuSecond();
    }

    double most() {
      return runs.get(runs.size() - 1).rowsPerCpuSecond();
    }

    Contender contender() {
      return median().contender();
    }

    /** What the check said: a single wrong table makes the contender wrong. */
    Verdict verdict() {
      return runs.stream()
          .map(Measurement::verdict)
          .filter(verdict -> verdict == Verdict.WRONG)
          .findFirst()
          .orElse(median().verdict());
    }
  }

  static Comparison of(Runner.Run run, List<Contender> contenders, List<Measurement> measurements) {
    List<Result> results = new ArrayList<>();
    List<Contender> failed = new ArrayList<>();
    for (Contender contender : contenders) {
      List<Measurement> runs =
          measurements.stream().filter(m -> m.contender() == contender).toList();
      if (runs.isEmpty()) {
        failed.add(contender);
      } else {
        results.add(new Result(runs));
      }
    }
    return new Comparison(run, results, failed);
  }

  boolean allRight() {
    return failed.stream().noneMatch(Comparison::mustBeRight)
        && results.stream()
            .filter(result -> mustBeRight(result.contender()))
            .allMatch(result -> result.verdict() == Verdict.RIGHT);
  }

  private static boolean mustBeRight(Contender contender) {
    return contender.ours()
        || contender == Contender.BASELINE_OURS
        || contender == Contender.BASELINE_GETTERS;
  }

  Optional<Result> of(Contender contender) {
    return results.stream().filter(result -> result.contender() == contender).findFirst();
  }

  /** As text for people. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-34s %10s %8s %8s %8s %8s %8s %8s %8s %6s %7s %9s %9s %9s %9s%n"
            .formatted(
                "",
                "rows/CPU-s",
                "to base",
                "CPU s",
                "compiler",
                "garbage",
                "server s",
                "wall s",
                "peak MB",
                "files",
                "commits",
                "data/live",
                "del/live",
                "own data",
                "own del"));
    for (Result result : results) {
      text.append(line(result));
    }
    for (Contender contender : failed) {
      text.append("%-34s FAILED%n".formatted(contender.title()));
    }
    for (Result result : results) {
      result.median().figures().forEach((name, value) -> text.append(figure(result, name, value)));
    }
    return text.toString();
  }

  private static String figure(Result result, String name, double value) {
    return "%-34s %s: %,.2f%n".formatted(result.contender().title(), name, value);
  }

  private String line(Result result) {
    Measurement m = result.median();
    double live = Math.max(1, m.liveRows());
    return "%-34s %10s %8s %8.1f %8.1f %8.1f %8.1f %8.1f %8d %6s %7d %9s %9s %9.2f %9.2f%s%n"
        .formatted(
            m.contender().title(),
            compares() ? "%,.0f".formatted(result.rate()) : "-",
            toBase(result),
            m.cpuSeconds(),
            m.compilingSeconds(),
            m.collectingSeconds(),
            m.serverSeconds(),
            m.wallSeconds(),
            m.peakBytes() >> 20,
            m.written().files() == Written.UNKNOWN
                ? "-"
                : String.valueOf(m.written().files() + m.own().files()),
            m.written().commits(),
            perRow(m.written().dataRows(), live),
            perRow(m.written().deleteRows(), live),
            m.own().dataRows() / live,
            m.own().deleteRows() / live,
            switch (result.verdict()) {
              case RIGHT -> "";
              case WRONG -> "  WRONG ROWS";
              case NO_MIRROR -> "  (no mirror)";
            });
  }

  /** Writes the JSON file, and the chart if there is one; returns the JSON file. */
  Path write(Path directory) throws IOException {
    Files.createDirectories(directory);
    String name =
        "bench-%s-%d-%d-%d-%d-%d"
            .formatted(
                run.workload(),
                run.size().rows(),
                run.size().keys(),
                run.size().fill(),
                run.size().tables(),
                run.size().epochRows());
    writeChart(directory.resolve(name + ".svg"));
    Path file = directory.resolve(name + ".json");
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json());
    return file;
  }

  private boolean compares() {
    return run.workload().comparesRates();
  }

  private String toBase(Result result) {
    return of(Contender.BASELINE_OURS)
        .filter(base -> compares())
        .map(base -> "%.2f".formatted(result.rate() / base.rate()))
        .orElse("-");
  }

  private static String perRow(long written, double live) {
    return written == Written.UNKNOWN ? "-" : "%.2f".formatted(written / live);
  }

  /** Where there are no rates to compare, there is no chart; nor one of an earlier run. */
  private void writeChart(Path file) throws IOException {
    if (results.isEmpty() || !compares()) {
      Files.deleteIfExists(file);
    } else {
      Files.writeString(file, Chart.of(this));
    }
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workload", run.workload().name());
    json.put("changes", run.size().rows());
    json.put("keys", run.workload().keysAreNew() ? run.size().rows() : run.size().keys());
    json.put("fill", run.size().fill());
    json.put("tables", run.size().tables());
    json.put("epochRows", run.size().epochRows());
    json.put("heap", run.heap());
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("java", Runtime.version().toString());
    json.put("failed", failed.stream().map(Contender::id).toList());
    json.put("results", results.stream().map(this::json).toList());
    return json;
  }

  private Map<String, Object> json(Result result) {
    Measurement m = result.median();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", m.contender().id());
    if (compares()) {
      json.put("rowsPerCpuSecond", Math.round(result.rate()));
      json.put("least", Math.round(result.least()));
      json.put("most", Math.round(result.most()));
      json.put("ratios", ratios(result));
    }
    json.put("cpuSeconds", m.cpuSeconds());
    json.put("compilerCpuSeconds", m.compilingSeconds());
    json.put("garbageCpuSeconds", m.collectingSeconds());
    json.put("serverCpuSeconds", m.serverSeconds());
    json.put("wallSeconds", m.wallSeconds());
    json.put("peakBytes", m.peakBytes());
    json.put("liveRows", m.liveRows());
    json.put("written", json(m.written()));
    json.put("writtenIntoOwnTables", json(m.own()));
    json.put("figures", m.figures());
    json.put("runs", result.runs().size());
    json.put("verdict", result.verdict().name());
    return json;
  }

  private static Map<String, Long> json(Written written) {
    Map<String, Long> json = new LinkedHashMap<>();
    json.put("commits", written.commits());
    json.put("files", known(written.files()));
    json.put("dataRows", known(written.dataRows()));
    json.put("deleteRows", known(written.deleteRows()));
    json.put("bytes", known(written.bytes()));
    return json;
  }

  private static Long known(long number) {
    return number == Written.UNKNOWN ? null : number;
  }

  private Map<String, Double> ratios(Result result) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Result other : results) {
      if (!other.equals(result)) {
        ratios.put(other.contender().id(), Math.round(100 * result.rate() / other.rate()) / 100.0);
      }
    }
    return ratios;
  }
}
