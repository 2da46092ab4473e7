package io.datamirror.spec;

/** What is wrong with YAML, in words of ours: the parser's own words quote the text. */
enum YamlMistake {
  CHARACTER(
      "found character",
      "nothing may begin with the character that stands here",
      "Put the value into quotes, and indent with spaces only."),
  COLON(
      "mapping values are not allowed here",
      "a colon stands where no key can be",
      "Check the indentation, or put the value into quotes."),
  NO_COLON(
      "could not find expected ':'",
      "a key has no colon after it",
      "Write a colon and a space after the key."),
  BRACKET(
      "expected ',' or",
      "a list or mapping in brackets is not closed, or lacks a comma",
      "Close the bracket, or separate its parts by commas."),
  QUOTE(
      "found unexpected end of stream",
      "a quote is not closed",
      "Close the quote that begins here."),
  INDENTATION(
      "expected <block end>",
      "this line is not indented like those before it",
      "Indent all keys of one mapping by the same number of spaces."),
  ESCAPE(
      "found unknown escape character",
      "this escape does not exist in double quotes",
      "Use single quotes around text that has backslashes."),
  ALIAS(
      "found undefined alias",
      "an alias (*) refers to no anchor (&)",
      "Put a value that begins with * into quotes."),
  DOCUMENTS(
      "but found another document",
      "the file holds more than one YAML document",
      "Write one mirror per file, without a line of --- in it."),
  CONTROL(
      "special characters are not allowed",
      "the file holds a control character",
      "Save it as plain UTF-8 text."),
  ALIASES(
      "Number of aliases",
      "there are too many aliases (*)",
      "Put what many tables share into defaults."),
  OTHER("", "this is not valid YAML", "Check the indentation, colons, quotes and brackets.");

  private final String parserWords;
  private final String sentence;
  private final String nextStep;

  YamlMistake(String parserWords, String sentence, String nextStep) {
    this.parserWords = parserWords;
    this.sentence = sentence;
    this.nextStep = nextStep;
  }

  /** The mistake that the parser speaks of. */
  static YamlMistake of(String parserMessage) {
    for (YamlMistake mistake : values()) {
      if (parserMessage.contains(mistake.parserWords)) {
        return mistake;
      }
    }
    return OTHER;
  }

  String sentence() {
    return sentence;
  }

  String nextStep() {
    return nextStep;
  }
}
