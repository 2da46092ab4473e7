package io.datamirror.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows a row that cannot be read as what it is: text, or else bytes. */
final class RawRow {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RawRow() {}

  /**
   * The row as a JSON object.
   *
   * @param row null if there is none
   */
  static String json(String file, long line, byte[] row) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("file", file);
    object.put("line", line);
    if (row != null) {
      object.put("row", text(row));
    }
    try {
      return JSON.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }

  private static String text(byte[] row) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(row)).toString();
    } catch (CharacterCodingException e) {
      return "base64:" + Base64.getEncoder().encodeToString(row);
    }
  }
}
