package io.datamirror.avro;

import io.datamirror.record.BadRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what Avro calls a record: named fields, one after the other. */
final class RowReader implements AvroReader {

  private List<String> names = List.of();
  private List<AvroReader> readers = List.of();

  /** Says which fields there are; a recursive schema knows only now. */
  void complete(Map<String, AvroReader> fields) {
    names = List.copyOf(fields.keySet());
    readers = List.copyOf(fields.values());
  }

  @Override
  public Map<String, Object> read(AvroInput in) throws BadRecord {
    in.enter();
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), readers.get(i).read(in));
    }
    in.leave();
    return values;
  }

  @Override
  public void skip(AvroInput in) throws BadRecord {
    in.enter();
    for (AvroReader reader : readers) {
      reader.skip(in);
    }
    in.leave();
  }

  /** Where each field of the row that follows begins; goes on behind the row. */
  Map<String, Integer> places(AvroInput in) throws BadRecord {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      places.put(names.get(i), in.at());
      readers.get(i).skip(in);
    }
    return places;
  }

  /** The value of one field, of a row whose {@link #places} are these; null if it has no such. */
  Object read(String field, AvroInput in, Map<String, Integer> places) throws BadRecord {
    Integer place = places.get(field);
    if (place == null) {
      return null;
    }
    in.moveTo(place);
    return readers.get(names.indexOf(field)).read(in);
  }
}
