package io.datamirror.publish;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.List;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Rows of the lake as JSON objects, as a mirror reads them: binary in base64, decimals, dates and
 * times as text, moments in UTC.
 */
final class RowText {

  private static final JsonFactory JSON = new JsonFactory();

  private final List<NestedField> fields;

  RowText(List<NestedField> fields) {
    this.fields = fields;
  }

  /**
   * @param row with a value for each of the fields, in their order
   */
  String of(StructLike row) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (int at = 0; at < fields.size(); at++) {
        json.writeFieldName(fields.get(at).name());
        write(json, row.get(at, Object.class));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Float number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      json.writeString(number.toPlainString());
    } else if (value instanceof ByteBuffer bytes) {
      json.writeBinary(bytes(bytes));
    } else if (value instanceof byte[] bytes) {
      json.writeBinary(bytes);
    } else if (value instanceof OffsetDateTime moment) {
      json.writeString(moment.toInstant().toString());
    } else {
      // Dates and times write themselves as ISO says.
      json.writeString(value.toString());
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
