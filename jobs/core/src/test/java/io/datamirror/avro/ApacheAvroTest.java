package io.datamirror.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.record.BadRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** What Apache Avro writes of random schemas is read as it was meant, whole and broken. */
class ApacheAvroTest {

  private static final int SCHEMAS = 300;
  private static final int VALUES = 10;
  private static final int DEEPEST = 4;

  private int names;

  @Test
  void every_value_of_every_schema_is_read_as_it_was_written() throws Exception {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      Schema schema = row(random, 0);
      AvroReader reader = new SchemaCompiler().compile(schema.toString());
      for (int i = 0; i < VALUES; i++) {
        Object value = value(schema, random);
        byte[] written = written(schema, value, random);

        AvroInput in = new AvroInput(written, 0);
        assertThat(plain(reader.read(in))).as("seed %d", seed).isEqualTo(plain(meant(value)));
        assertThat(in.remaining()).isZero();
        AvroInput passed = new AvroInput(written, 0);
        reader.skip(passed);
        assertThat(passed.remaining()).as("seed %d", seed).isZero();
      }
    }
  }

  @Test
  void whatever_the_bytes_are_they_are_a_value_or_a_bad_record() throws Exception {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      Schema schema = row(random, 0);
      AvroReader reader = new SchemaCompiler().compile(schema.toString());
      byte[] written = written(schema, value(schema, random), random);
      for (int length = 0; length < Math.min(written.length, 40); length++) {
        byte[] brokenOff = Arrays.copyOf(written, length);
        assertThatThrownBy(() -> reader.read(new AvroInput(brokenOff, 0)))
            .as("seed %d, cut at %d", seed, length)
            .isInstanceOf(BadRecord.class);
        byte[] damaged = written.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        readOrRefuse(reader, damaged);
        random.nextBytes(damaged);
        readOrRefuse(reader, damaged);
      }
    }
  }

  private static void readOrRefuse(AvroReader reader, byte[] bytes) {
    try {
      reader.read(new AvroInput(bytes, 0));
      reader.skip(new AvroInput(bytes, 0));
    } catch (BadRecord e) {
      assertThat(e.getMessage()).contains("its Avro");
    }
  }

  private static byte[] written(Schema schema, Object value, Random random) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder =
        random.nextBoolean()
            ? EncoderFactory.get().binaryEncoder(bytes, null)
            : new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(value, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private Schema row(Random random, int depth) {
    List<Field> fields = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      fields.add(new Field("f" + i, type(random, depth + 1)));
    }
    return Schema.createRecord(
        "R" + names++, null, random.nextBoolean() ? "a.b" : null, false, fields);
  }

  private Schema type(Random random, int depth) {
    return switch (random.nextInt(depth < DEEPEST ? 14 : 10)) {
      case 0 -> Schema.create(Schema.Type.NULL);
      case 1 -> Schema.create(Schema.Type.BOOLEAN);
      case 2 -> Schema.create(Schema.Type.INT);
      case 3 -> Schema.create(Schema.Type.LONG);
      case 4 -> Schema.create(Schema.Type.FLOAT);
      case 5 -> Schema.create(Schema.Type.DOUBLE);
      case 6 -> Schema.create(Schema.Type.BYTES);
      case 7 -> Schema.create(Schema.Type.STRING);
      case 8 -> Schema.createFixed("F" + names++, null, null, 1 + random.nextInt(9));
      case 9 -> Schema.createEnum("E" + names++, null, "x.y", List.of("A", "B", "C"));
      case 10 -> Schema.createArray(item(random, depth));
      case 11 -> Schema.createMap(item(random, depth));
      case 12 -> row(random, depth);
      default ->
          Schema.createUnion(
              Schema.create(Schema.Type.NULL),
              row(random, depth),
              Schema.create(Schema.Type.STRING));
    };
  }

  /** Items without a byte are refused when there are many of them. */
  private Schema item(Random random, int depth) {
    Schema item = type(random, depth + 1);
    return item.getType() == Schema.Type.NULL ? Schema.create(Schema.Type.LONG) : item;
  }

  private static Object value(Schema schema, Random random) {
    return switch (schema.getType()) {
      case NULL -> null;
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt() >> random.nextInt(32);
      case LONG -> random.nextLong() >> random.nextInt(64);
      case FLOAT -> random.nextInt(9) == 0 ? Float.NaN : random.nextFloat();
      case DOUBLE -> random.nextInt(9) == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
      case BYTES -> ByteBuffer.wrap(bytes(random, random.nextInt(20)));
      case STRING -> text(random);
      case FIXED -> new GenericData.Fixed(schema, bytes(random, schema.getFixedSize()));
      case ENUM ->
          new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(random.nextInt(3)));
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
          items.add(value(schema.getElementType(), random));
        }
        yield items;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
          entries.put(text(random), value(schema.getValueType(), random));
        }
        yield entries;
      }
      case UNION -> value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), random);
      case RECORD -> {
        GenericData.Record row = new GenericData.Record(schema);
        schema.getFields().forEach(field -> row.put(field.pos(), value(field.schema(), random)));
        yield row;
      }
    };
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 0xFFFD;
            case 1 -> 0x1F600 + random.nextInt(50);
            case 2 -> 0x4E00 + random.nextInt(500);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }

  /** The value in our words. */
  private static Object meant(Object value) {
    if (value instanceof GenericData.Record row) {
      Map<String, Object> fields = new LinkedHashMap<>();
      row.getSchema().getFields().forEach(f -> fields.put(f.name(), meant(row.get(f.pos()))));
      return fields;
    }
    if (value instanceof List<?> items) {
      List<Object> all = new ArrayList<>();
      items.forEach(item -> all.add(meant(item)));
      return all;
    }
    if (value instanceof Map<?, ?> entries) {
      Map<Object, Object> all = new LinkedHashMap<>();
      entries.forEach((key, entry) -> all.put(key, meant(entry)));
      return all;
    }
    if (value instanceof ByteBuffer buffer) {
      return buffer.array();
    }
    if (value instanceof GenericData.Fixed fixed) {
      return fixed.bytes();
    }
    if (value instanceof Float narrow && !Float.isFinite(narrow)) {
      return (double) narrow;
    }
    return value instanceof GenericData.EnumSymbol symbol ? symbol.toString() : value;
  }

  /** Bytes are equal to others in a text only. */
  private static Object plain(Object value) {
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    if (value instanceof List<?> items) {
      List<Object> all = new ArrayList<>();
      items.forEach(item -> all.add(plain(item)));
      return all;
    }
    if (value instanceof Map<?, ?> entries) {
      Map<Object, Object> all = new LinkedHashMap<>();
      entries.forEach((key, entry) -> all.put(key, plain(entry)));
      return all;
    }
    return value;
  }
}
