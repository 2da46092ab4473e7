package io.datamirror.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** Data as JSON, for programs. */
final class Json {
  private static final ObjectMapper LINE = new ObjectMapper();
  private static final ObjectMapper PRETTY =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  /** Maps, lists, records of plain values and nulls, over several lines. */
  static String document(Object value) {
    return write(PRETTY, value);
  }

  /** The same in one line. */
  static String line(Object value) {
    return write(LINE, value);
  }

  private static String write(ObjectMapper mapper, Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values always have a JSON form", e);
    }
  }
}
