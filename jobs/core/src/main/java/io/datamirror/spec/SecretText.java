package io.datamirror.spec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text that may hold references to secrets, {@code ${env:NAME}} and {@code ${file:/path}}. It
 * carries the references, never what they stand for; {@link #resolve} is called where the value is
 * used, as late as possible. {@code $${} is a plain {@code ${}.
 */
public final class SecretText implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String HIDDEN = "***";
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:env:([A-Za-z_][A-Za-z0-9_]*)|file:([^}]+))\\}|\\$\\{");

  /** How much of the literal parts may be shown to people. */
  public enum Display {
    /** All of it. */
    WHOLE,
    /** A URL up to its parameters, without its user info. */
    URL,
    /** Nothing. */
    HIDDEN
  }

  private final List<Part> parts;
  private final Display display;

  /** Literal text if {@code reference} is null, else the reference. */
  private record Part(String text, SecretReference reference) implements Serializable {}

  private SecretText(List<Part> parts, Display display) {
    this.parts = List.copyOf(parts);
    this.display = display;
  }

  /** Text without any reference that may be shown. */
  public static SecretText of(String literal) {
    return new SecretText(List.of(new Part(literal, null)), Display.WHOLE);
  }

  /** The text; empty if something in it begins like a reference and is none. */
  public static Optional<SecretText> parse(String text, Display display) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(text);
    int end = 0;
    while (matcher.find()) {
      literal.append(text, end, matcher.start());
      end = matcher.end();
      if (matcher.group().startsWith("$$")) {
        literal.append("${");
        continue;
      }
      Optional<SecretReference> reference = reference(matcher);
      if (reference.isEmpty()) {
        return Optional.empty();
      }
      addLiteral(parts, literal);
      parts.add(new Part("", reference.get()));
    }
    literal.append(text, end, text.length());
    addLiteral(parts, literal);
    return Optional.of(new SecretText(parts, display));
  }

  private static Optional<SecretReference> reference(Matcher matcher) {
    if (matcher.group(1) != null) {
      return Optional.of(new SecretReference(SecretReference.Kind.ENVIRONMENT, matcher.group(1)));
    }
    return Optional.ofNullable(matcher.group(2))
        .map(path -> new SecretReference(SecretReference.Kind.FILE, path));
  }

  private static void addLiteral(List<Part> parts, StringBuilder literal) {
    if (!literal.isEmpty()) {
      parts.add(new Part(literal.toString(), null));
      literal.setLength(0);
    }
  }

  /**
   * The text with the values of its references.
   *
   * @throws io.datamirror.error.MirrorException naming the reference that has no value
   */
  public String resolve(SecretSource secrets) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.reference() == null ? part.text() : secrets.value(part.reference()));
    }
    return text.toString();
  }

  /** The text with another literal; as it is if it refers to secrets. */
  public SecretText mapped(UnaryOperator<String> change) {
    return hasReference()
        ? this
        : new SecretText(List.of(new Part(change.apply(literal()), null)), display);
  }

  /** Whether the value is known only where the secrets are. */
  public boolean hasReference() {
    return parts.stream().anyMatch(part -> part.reference() != null);
  }

  /** The references, in the order of the text. */
  public List<SecretReference> references() {
    return parts.stream().map(Part::reference).filter(Objects::nonNull).toList();
  }

  /** The text as it is without the values of its references, for checks; it may not be shown. */
  String literal() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.reference() == null ? part.text() : part.reference());
    }
    return text.toString();
  }

  /** The literal parts alone, for checks of what people wrote themselves; it may not be shown. */
  String withoutReferences() {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.text()));
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretText that && parts.equals(that.parts) && display == that.display;
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** What may be shown: the references, and the literal parts as {@link Display} says. */
  @Override
  public String toString() {
    return switch (display) {
      case WHOLE -> literal();
      case URL -> SecretUrl.shown(literal());
      case HIDDEN -> hidden();
    };
  }

  private String hidden() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.reference() == null ? HIDDEN : part.reference());
    }
    return text.toString();
  }
}
