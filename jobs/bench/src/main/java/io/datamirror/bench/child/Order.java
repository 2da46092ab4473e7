package io.datamirror.bench.child;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What a child process is told to do; a file between two processes. */
public final class Order {

  private final Properties values;

  private Order(Properties values) {
    this.values = values;
  }

  /** The order in a file. */
  public static Order read(Path file) throws IOException {
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      values.load(reader);
    }
    return new Order(values);
  }

  /** The value of {@code name}. */
  public String text(String name) {
    String value = values.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("the order does not say " + name);
    }
    return value;
  }

  /**
   * How many of the first changes of a source are not measured: those that fill the table. The
   * short source has none.
   */
  public long filling(String source) {
    return source.equals(text("warm-up")) ? 0 : number("filling");
  }

  /** The value of {@code name} as a number. */
  public long number(String name) {
    return Long.parseLong(text(name));
  }
}
