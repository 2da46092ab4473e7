package io.datamirror.relate;

import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model as a picture: tables are boxes, those that are referred to on the left, and an arrow
 * leads from each reference to what it refers to. A picture of its own, without scripts and without
 * anything that is loaded from elsewhere.
 */
public final class SvgDiagram {

  private static final int MARGIN = 20;
  private static final int GAP_X = 140;
  private static final int GAP_Y = 24;
  private static final int ROW = 20;
  private static final int HEADER = 30;
  private static final int CHARACTER = 8;
  private static final int PADDING = 12;

  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final StringBuilder svg = new StringBuilder();
  private int width;
  private int height;

  /** A table in the picture. */
  private record Box(TableSpec table, List<String> facts, int x, int y, int width) {

    int height() {
      return HEADER + ROW * (facts.size() + table.relationships().size()) + PADDING / 2;
    }

    int rowY(int row) {
      return y + HEADER + ROW * row + ROW / 2;
    }
  }

  private SvgDiagram(List<TableSpec> tables) {
    place(LoadOrder.of(tables), LoadOrder.levels(tables));
  }

  /** The picture as an SVG document. */
  public static String of(List<TableSpec> tables) {
    return new SvgDiagram(tables).draw();
  }

  private void place(List<TableSpec> tables, Map<String, Integer> levels) {
    int levelCount = 1 + levels.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    int x = MARGIN;
    for (int level = 0; level < levelCount; level++) {
      int y = MARGIN;
      int widest = 0;
      for (TableSpec table : tables) {
        if (levels.get(table.name()) == level) {
          List<String> facts = ModelWords.factList(table);
          Box box = new Box(table, facts, x, y, widthOf(table, facts));
          boxes.put(table.name(), box);
          widest = Math.max(widest, box.width());
          y += box.height() + GAP_Y;
        }
      }
      x += widest + GAP_X;
      width = x - GAP_X + MARGIN;
      height = Math.max(height, y - GAP_Y + MARGIN);
    }
  }

  private static int widthOf(TableSpec table, List<String> facts) {
    int longest = length(table.name()) + 1;
    for (String fact : facts) {
      longest = Math.max(longest, length(fact));
    }
    for (RelationshipSpec relationship : table.relationships()) {
      longest = Math.max(longest, length(reference(relationship)));
    }
    return 2 * PADDING + CHARACTER * longest;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String reference(RelationshipSpec relationship) {
    return ModelWords.columns(relationship.columns()) + " → " + relationship.table();
  }

  private String draw() {
    svg.append(
        String.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" font-family=\"monospace\" font-size=\"13\">%n",
            width, height, width, height));
    svg.append(
        "<defs><marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"8\""
            + " markerHeight=\"8\" orient=\"auto-start-reverse\"><path d=\"M0,0 L10,5 L0,10 z\""
            + " fill=\"#456\"/></marker></defs>\n");
    boxes.values().forEach(this::draw);
    boxes.values().forEach(this::drawReferences);
    return svg.append("</svg>\n").toString().replace("\r\n", "\n");
  }

  private void draw(Box box) {
    svg.append(
        String.format(
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#fff\""
                + " stroke=\"#456\"/>%n",
            box.x(), box.y(), box.width(), box.height()));
    text(box, box.y() + HEADER / 2, box.table().name(), " font-weight=\"bold\"");
    int row = 0;
    for (String fact : box.facts()) {
      text(box, box.rowY(row++), fact, " fill=\"#456\"");
    }
    for (RelationshipSpec relationship : box.table().relationships()) {
      text(box, box.rowY(row++), reference(relationship), "");
    }
  }

  private void text(Box box, int y, String text, String style) {
    svg.append(
        String.format(
            "<text x=\"%d\" y=\"%d\" dominant-baseline=\"middle\"%s>%s</text>%n",
            box.x() + PADDING, y, style, Markup.text(text)));
  }

  private void drawReferences(Box from) {
    for (int i = 0; i < from.table().relationships().size(); i++) {
      RelationshipSpec relationship = from.table().relationships().get(i);
      Box to = boxes.get(relationship.table());
      int startY = from.rowY(from.facts().size() + i);
      int endX = to.x() + to.width();
      int endY = to.y() + HEADER / 2;
      int bend = Math.max(GAP_X / 2, Math.abs(from.x() - endX) / 2);
      svg.append(
          String.format(
              "<path d=\"M%d,%d C%d,%d %d,%d %d,%d\" fill=\"none\" stroke=\"#456\""
                  + " marker-end=\"url(#arrow)\"/>%n",
              from.x(), startY, from.x() - bend, startY, endX + bend, endY, endX, endY));
      svg.append(
          String.format(
              "<text x=\"%d\" y=\"%d\" fill=\"#456\" text-anchor=\"end\">%s</text>%n",
              from.x() - 6, startY - 6, relationship.cardinality().text()));
    }
  }
}
