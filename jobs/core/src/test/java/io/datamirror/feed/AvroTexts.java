package io.datamirror.feed;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Schemas of Avro as texts, and values of them. */
final class AvroTexts {

  static final String DECIMAL =
      "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 6, \"scale\": 2}";

  static final String COLOUR =
      "{\"type\": \"enum\", \"name\": \"C\", \"symbols\": [\"RED\", \"BLUE\"]}";

  private AvroTexts() {}

  static Schema row(String fields) {
    return new Schema.Parser()
        .parse("{\"type\": \"record\", \"name\": \"Item\", \"fields\": [" + fields + "]}");
  }

  static String field(String name, String type) {
    return "{\"name\": \"" + name + "\", \"type\": " + type + "}";
  }

  static Schema rowOf(String type) {
    return row(field("id", "\"long\"") + ", " + field("v", type));
  }

  static GenericData.Record row(Schema schema, Object... values) {
    GenericData.Record row = new GenericData.Record(schema);
    for (int i = 0; i < values.length; i++) {
      row.put(i, values[i]);
    }
    return row;
  }

  static ByteBuffer unscaled(String digits) {
    return ByteBuffer.wrap(new BigInteger(digits).toByteArray());
  }

  static String logical(String base, String type) {
    return "{\"type\": \"" + base + "\", \"logicalType\": \"" + type + "\"}";
  }

  static String named(String base, String name) {
    return "{\"type\": \"" + base + "\", \"connect.name\": \"" + name + "\"}";
  }
}
