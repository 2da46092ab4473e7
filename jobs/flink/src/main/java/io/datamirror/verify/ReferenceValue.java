package io.datamirror.verify;

import io.datamirror.change.KeyId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.data.Record;

/** The values of some columns of a row, in a form in which equal values of any types are equal. */
final class ReferenceValue {

  private ReferenceValue() {}

  /** The identity of the values; empty if one of them is null. */
  static Optional<KeyId> of(Record row, List<String> columns) {
    StringBuilder text = new StringBuilder();
    for (String column : columns) {
      Object value = row.getField(column);
      if (value == null) {
        return Optional.empty();
      }
      String form = form(value);
      text.append(form.length()).append(':').append(form);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Optional.of(KeyId.of(0, bytes, bytes.length));
  }

  /** The values as a JSON object. */
  static String json(Record row, List<String> columns) {
    StringBuilder json = new StringBuilder("{");
    for (String column : columns) {
      json.append(json.length() > 1 ? "," : "");
      JsonText.append(json, column);
      json.append(':');
      append(json, row.getField(column));
    }
    return json.append('}').toString();
  }

  private static void append(StringBuilder json, Object value) {
    if (value == null || value instanceof Boolean || finite(value)) {
      json.append(value);
    } else {
      JsonText.append(json, form(value));
    }
  }

  private static boolean finite(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }

  private static String form(Object value) {
    if (finite(value)) {
      return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return Base64.getEncoder().encodeToString(copy);
    }
    return value.toString();
  }
}
