package io.datamirror.relate;

import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.RelationshipSpec;
import io.datamirror.spec.TableSpec;

/** The model as a page for people: the picture, and a table of all tables and relationships. */
public final class HtmlPage {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>%1$s</title>
      <style>
      body { font-family: sans-serif; margin: 2em; color: #123; }
      table { border-collapse: collapse; margin-top: 1em; }
      th, td { text-align: left; padding: 0.3em 1em 0.3em 0; border-bottom: 1px solid #cde; }
      td { font-family: monospace; }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      """;

  private HtmlPage() {}

  /** The page; it loads nothing from elsewhere. */
  public static String of(MirrorSpec spec) {
    StringBuilder page = new StringBuilder(HEAD.formatted(Markup.text(spec.mirror())));
    page.append(SvgDiagram.of(spec.tables()));
    page.append("<table>\n<tr><th>table</th><th>source</th><th>what it is</th>");
    page.append("<th>refers to</th></tr>\n");
    for (TableSpec table : LoadOrder.of(spec.tables())) {
      page.append("<tr>");
      cell(page, Markup.text(table.name()));
      cell(page, Markup.text(table.source()));
      cell(page, Markup.text(ModelWords.facts(table)));
      cell(page, references(table));
      page.append("</tr>\n");
    }
    return page.append("</table>\n</body>\n</html>\n").toString();
  }

  private static void cell(StringBuilder page, String markup) {
    page.append("<td>").append(markup).append("</td>");
  }

  private static String references(TableSpec table) {
    StringBuilder lines = new StringBuilder();
    for (RelationshipSpec relationship : table.relationships()) {
      lines.append(lines.isEmpty() ? "" : "<br>");
      lines.append(Markup.text(relationship.cardinality() + " " + relationship));
    }
    return lines.toString();
  }
}
