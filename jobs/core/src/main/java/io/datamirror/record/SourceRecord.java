package io.datamirror.record;

import io.datamirror.change.Operation;
import java.util.Map;

/**
 * What a record says, before anybody asks whether it fits a table.
 *
 * <p>A value is null, a {@link Boolean}, a {@link Number}, a {@link String}, which numbers may be
 * too, {@code byte[]}, a {@link Nested}, a {@link NoValue}, or a value of {@link java.time}.
 *
 * @param operation what the format itself says that the record asks for; null if the control column
 *     says it
 * @param values the values by column; not modified any more
 */
public record SourceRecord(Operation operation, Map<String, Object> values) {

  /**
   * An object or an array inside a record.
   *
   * @param json its text
   */
  public record Nested(String json) {}

  /**
   * What stands where a value should, and is none: the 25th hour of a day.
   *
   * @param text what it looks like
   * @param sentence why it is none
   */
  public record NoValue(String text, String sentence) {
    @Override
    public String toString() {
      return text;
    }
  }
}
