package io.datamirror.bench;

import java.util.Comparator;
import java.util.List;

/** Bars of change rows per CPU-second, as SVG that is read on white and on black. */
final class Chart {

  private static final int WIDTH = 860;
  private static final int LEFT = 270;
  private static final int RIGHT = 130;
  private static final int TOP = 64;
  private static final int BAR = 22;
  private static final int STEP = 32;

  private Chart() {}

  /**
   * @param comparison with one result at least
   */
  static String of(Comparison comparison) {
    List<Comparison.Result> results =
        comparison.results().stream()
            .sorted(Comparator.comparingDouble(Comparison.Result::rate).reversed())
            .toList();
    double most = results.get(0).rate();
    int height = TOP + STEP * results.size() + 12;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
        font-family="sans-serif" font-size="14">
        <rect width="%1$d" height="%2$d" fill="#ffffff"/>
        """
            .formatted(WIDTH, height));
    svg.append(text(16, 26, "start", "Change rows per second of CPU", "font-size=\"18\""));
    svg.append(text(16, 48, "start", subtitle(comparison.run()), "fill=\"#57606a\""));
    for (int i = 0; i < results.size(); i++) {
      svg.append(bar(results.get(i), TOP + STEP * i, most));
    }
    return svg.append("</svg>\n").toString();
  }

  private static String subtitle(Runner.Run run) {
    return "%s: %s; %s"
        .formatted(run.workload(), run.workload().title(), run.size().describe(run.workload()));
  }

  private static String bar(Comparison.Result result, int y, double most) {
    double length = (WIDTH - LEFT - RIGHT) * result.rate() / most;
    Contender contender = result.contender();
    String title = contender.title();
    String colour =
        switch (result.verdict()) {
          case RIGHT -> contender.ours() ? "#0969da" : "#8c959f";
          case WRONG, NO_MIRROR -> "#d0d7de";
        };
    String note =
        switch (result.verdict()) {
          case RIGHT -> "";
          case WRONG -> " (wrong rows)";
          case NO_MIRROR -> " (no mirror)";
        };
    return text(LEFT - 10, y + 16, "end", title, "")
        + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
            .formatted(LEFT, y, length, BAR, colour)
        + text(
            LEFT + 8 + (int) length, y + 16, "start", "%,.0f".formatted(result.rate()) + note, "");
  }

  private static String text(int x, int y, String anchor, String text, String attributes) {
    return "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>%n"
        .formatted(x, y, anchor, attributes, text.replace("&", "&amp;").replace("<", "&lt;"));
  }
}
