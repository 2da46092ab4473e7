package io.datamirror.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.datamirror.change.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records that are one JSON object of columns each. A record without a value deletes the row of its
 * key, which is a JSON object of the key columns, or, of a key of one column, the bare value.
 */
public final class JsonRecords implements RecordParser {

  /** Numbers keep all their digits, also inside of others. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final List<String> keyColumns;

  /**
   * @param keyColumns the columns of the table's key
   */
  public JsonRecords(List<String> keyColumns) {
    this.keyColumns = List.copyOf(keyColumns);
  }

  @Override
  public Optional<SourceRecord> parse(byte[] key, byte[] value) throws BadRecord {
    return Optional.of(
        value == null
            ? new SourceRecord(Operation.DELETE, keyOf(key))
            : new SourceRecord(null, object(value)));
  }

  private Map<String, Object> keyOf(byte[] key) throws BadRecord {
    if (key == null) {
      throw new BadRecord("it has neither a key nor a value");
    }
    if (keyColumns.size() == 1 && !startsObject(key)) {
      return Map.of(keyColumns.get(0), scalar(key));
    }
    return object(key);
  }

  private static boolean startsObject(byte[] json) {
    return json.length > 0 && json[0] == '{';
  }

  /**
   * A key that is a JSON text, or else text as it is. A number in binary is neither, though its
   * bytes may look like the digits of another.
   */
  private static Object scalar(byte[] key) throws BadRecord {
    String text = utf8(key);
    if (text.chars().anyMatch(JsonRecords::isOfNoText) || startsWithSpace(text)) {
      throw new BadRecord("its key is no text: it may be a number in binary");
    }
    if (!text.startsWith("\"")) {
      return text;
    }
    try (JsonParser parser = MAPPER.createParser(key)) {
      parser.nextToken();
      String value = parser.getText();
      if (parser.nextToken() != null) {
        throw new BadRecord("something stands behind the text of its key");
      }
      return value;
    } catch (IOException e) {
      throw bad(e);
    }
  }

  private static boolean isOfNoText(int letter) {
    return letter < ' ' && letter != '\t' && letter != '\n' && letter != '\r';
  }

  /** Casts to numbers take no notice of it. */
  private static boolean startsWithSpace(String text) {
    return !text.isEmpty() && text.charAt(0) < ' ';
  }

  private static String utf8(byte[] key) throws BadRecord {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw new BadRecord("its key is not UTF-8");
    }
  }

  /** The values of a JSON object that stands alone. */
  static Map<String, Object> object(byte[] json) throws BadRecord {
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecord("it is no JSON object");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        values.put(name, value(parser, parser.nextToken()));
      }
      if (parser.nextToken() != null) {
        throw new BadRecord("something stands behind its JSON object");
      }
      return values;
    } catch (IOException e) {
      throw bad(e);
    }
  }

  private static Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      // The text of a number: what it becomes is the column's to say.
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getText();
      case START_OBJECT, START_ARRAY -> new SourceRecord.Nested(MAPPER.readTree(parser).toString());
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IOException("no value begins with " + token);
    };
  }

  /** A whole JSON text as a tree. */
  static JsonNode tree(byte[] json) throws BadRecord {
    try (JsonParser parser = MAPPER.createParser(json)) {
      JsonNode tree = MAPPER.readTree(parser);
      if (tree == null || !tree.isObject()) {
        throw new BadRecord("it is no JSON object");
      }
      if (parser.nextToken() != null) {
        throw new BadRecord("something stands behind its JSON object");
      }
      return tree;
    } catch (IOException e) {
      throw bad(e);
    }
  }

  /** The parser's own message holds parts of the record, which belong into no log. */
  private static BadRecord bad(IOException failure) {
    return new BadRecord(
        failure instanceof StreamConstraintsException
            ? "its JSON is too large or too deep"
            : "its JSON cannot be read");
  }

  /** The value of a tree's node, as a record holds it. */
  static Object value(JsonNode node) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isContainerNode() ? new SourceRecord.Nested(node.toString()) : node.asText();
  }
}
