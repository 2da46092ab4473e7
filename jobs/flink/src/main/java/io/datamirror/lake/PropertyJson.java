package io.datamirror.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Facts of tables as JSON in one line, for their properties. */
final class PropertyJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PropertyJson() {}

  /** Maps, lists and plain values. */
  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values always have a JSON form", e);
    }
  }
}
