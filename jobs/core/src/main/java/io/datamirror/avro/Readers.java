package io.datamirror.avro;

import io.datamirror.record.BadRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The readers of all types but rows. */
final class Readers {

  private Readers() {}

  /** The reader of a primitive type; null if there is none of this name. */
  static AvroReader primitive(String type) {
    return switch (type) {
      case "null" -> in -> null;
      case "boolean" -> AvroInput::readBoolean;
      case "int" -> AvroInput::readInt;
      case "long" -> AvroInput::readLong;
      case "float" -> in -> number(in.readFloat());
      case "double" -> AvroInput::readDouble;
      case "bytes" -> new Bytes();
      case "string" -> new Text();
      default -> null;
    };
  }

  /** What is no number a float says of as a double does, so that both are read alike. */
  private static Number number(float value) {
    if (Float.isFinite(value)) {
      return value;
    }
    return (double) value;
  }

  private record Bytes() implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      return in.readBytes(in.readLength());
    }

    @Override
    public void skip(AvroInput in) throws BadRecord {
      in.advance(in.readLength());
    }
  }

  private record Text() implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      return in.readText();
    }

    @Override
    public void skip(AvroInput in) throws BadRecord {
      in.advance(in.readLength());
    }
  }

  /** So many bytes. */
  record Fixed(int size) implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      return in.readBytes(size);
    }

    @Override
    public void skip(AvroInput in) throws BadRecord {
      in.advance(size);
    }
  }

  /** One of some words. */
  record Enumeration(List<String> symbols) implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      return symbols.get(in.readIndex(symbols.size()));
    }
  }

  /** One of several types. */
  record Union(List<AvroReader> branches) implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      return branches.get(in.readIndex(branches.size())).read(in);
    }

    @Override
    public void skip(AvroInput in) throws BadRecord {
      branches.get(in.readIndex(branches.size())).skip(in);
    }
  }

  /** Items of one type. */
  record Items(AvroReader item) implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      in.enter();
      List<Object> items = new ArrayList<>();
      for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
        for (int i = 0; i < count; i++) {
          items.add(item.read(in));
        }
      }
      in.leave();
      return items;
    }

    @Override
    public void skip(AvroInput in) throws BadRecord {
      in.enter();
      for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
        for (int i = 0; i < count; i++) {
          item.skip(in);
        }
      }
      in.leave();
    }
  }

  /** Values of one type by texts. */
  record Entries(AvroReader value) implements AvroReader {
    @Override
    public Object read(AvroInput in) throws BadRecord {
      in.enter();
      Map<String, Object> entries = new LinkedHashMap<>();
      for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
        for (int i = 0; i < count; i++) {
          entries.put(in.readText(), value.read(in));
        }
      }
      in.leave();
      return entries;
    }
  }
}
