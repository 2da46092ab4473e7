package io.datamirror.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserTokenManager;
import net.sf.jsqlparser.parser.SimpleCharStream;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;

/**
 * Cuts a script into statements along the parser's own tokens, and takes out of each what
 * warehouses write and the parser does not read: {@code NOT ENFORCED}, {@code OPTIONS (…)} and
 * {@code TBLPROPERTIES (…)}. Nested types become the type {@code NESTED}.
 */
final class DdlStatements {

  private static final List<String> PROPERTIES = List.of("OPTIONS", "TBLPROPERTIES");
  private static final List<String> NESTED = List.of("STRUCT", "ARRAY", "MAP");

  /** Stands for the columns of a reference that names none. */
  static final String PRIMARY_KEY = "mirror_primary_key";

  private final List<Token> tokens = new ArrayList<>();

  /**
   * One statement.
   *
   * @param line where it begins, counted from 1
   */
  record Statement(String text, int line) {}

  private DdlStatements(String script) {
    CCJSqlParserTokenManager manager =
        new CCJSqlParserTokenManager(new SimpleCharStream(new StringProvider(script)));
    for (Token token = manager.getNextToken();
        token.kind != CCJSqlParserConstants.EOF;
        token = manager.getNextToken()) {
      tokens.add(token);
    }
  }

  /**
   * The statements of a script.
   *
   * @throws TokenMgrException if the text is no SQL at all
   */
  static List<Statement> of(String script) {
    return new DdlStatements(script).statements();
  }

  private List<Statement> statements() {
    List<Statement> statements = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int line = 0;
    int at = 0;
    while (at < tokens.size()) {
      Token token = tokens.get(at);
      if (token.image.equals(";")) {
        end(statements, text, line);
        at++;
        continue;
      }
      line = text.isEmpty() ? token.beginLine : line;
      if (is(at, "NOT") && is(at + 1, "ENFORCED")) {
        at += 2;
      } else if (isAny(at, PROPERTIES) && is(at + 1, "(")) {
        at = after(at + 1, "(", ")");
      } else if (isAny(at, NESTED) && is(at + 1, "<")) {
        text.append("NESTED ");
        at = after(at + 1, "<", ">");
      } else if (is(at, "REFERENCES")) {
        at = reference(text, at);
      } else {
        text.append(token.image).append(' ');
        at++;
      }
    }
    end(statements, text, line);
    return statements;
  }

  /** A reference without columns is one to the primary key; the parser wants columns. */
  private int reference(StringBuilder text, int at) {
    int end = at + 2;
    while (is(end, ".")) {
      end += 2;
    }
    for (Token token : tokens.subList(at, Math.min(end, tokens.size()))) {
      text.append(token.image).append(token.image.equalsIgnoreCase("REFERENCES") ? " " : "");
    }
    text.append(is(end, "(") ? " " : " (" + PRIMARY_KEY + ") ");
    return end;
  }

  private static void end(List<Statement> statements, StringBuilder text, int line) {
    if (!text.isEmpty()) {
      statements.add(new Statement(text.toString().strip(), line));
      text.setLength(0);
    }
  }

  private boolean is(int at, String word) {
    return at < tokens.size() && tokens.get(at).image.equalsIgnoreCase(word);
  }

  private boolean isAny(int at, List<String> words) {
    return words.contains(tokens.get(at).image.toUpperCase(Locale.ROOT));
  }

  /** The place after the bracket that closes the one at {@code at}. */
  private int after(int at, String open, String close) {
    int depth = 0;
    for (int i = at; i < tokens.size(); i++) {
      String image = tokens.get(i).image;
      if (image.equals(open)) {
        depth++;
      } else if (!image.isEmpty() && image.replace(close, "").isEmpty()) {
        // Two that close may be one token.
        depth -= image.length();
      }
      if (depth <= 0) {
        return i + 1;
      }
    }
    return tokens.size();
  }
}
