package io.datamirror.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.datamirror.change.Operation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The change events of Debezium as JSON: {@code c}, {@code u} and {@code r} are upserts of what
 * stands under {@code after}, {@code d} is a delete of what stands under {@code before}.
 *
 * <p>A tombstone, a record without a value, says again that the row of its key was deleted. It is
 * all that log compaction leaves of a delete, so that it counts where the offset is the version;
 * where columns are, it has none and is passed over.
 */
public final class DebeziumRecords implements RecordParser {

  /** What a tombstone is worth. */
  public enum Tombstones {
    DELETE,
    PASS_OVER
  }

  private final Tombstones tombstones;
  private final DebeziumTypes types = new DebeziumTypes();

  public DebeziumRecords(Tombstones tombstones) {
    this.tombstones = tombstones;
  }

  @Override
  public Optional<SourceRecord> parse(byte[] key, byte[] value) throws BadRecord {
    if (value == null) {
      return tombstone(key);
    }
    JsonNode message = JsonRecords.tree(value);
    JsonNode envelope = message.has("payload") ? message.get("payload") : message;
    DebeziumChange change = DebeziumChange.of(envelope.path("op").textValue());
    JsonNode row = envelope.path(change.side());
    if (!row.isObject()) {
      throw change.withoutRow();
    }
    JsonNode schema = DebeziumTypes.field(message.path("schema"), change.side());
    return Optional.of(change.of(values(row, schema)));
  }

  private Optional<SourceRecord> tombstone(byte[] key) throws BadRecord {
    if (tombstones == Tombstones.PASS_OVER) {
      return Optional.empty();
    }
    if (key == null) {
      throw new BadRecord("it has neither a key nor a value");
    }
    JsonNode message = JsonRecords.tree(key);
    boolean wrapped = message.has("payload") && message.has("schema");
    JsonNode row = wrapped ? message.get("payload") : message;
    JsonNode schema = wrapped ? message.get("schema") : message.path("schema");
    return Optional.of(new SourceRecord(Operation.DELETE, values(row, schema)));
  }

  private Map<String, Object> values(JsonNode row, JsonNode schema) throws BadRecord {
    Map<String, DebeziumTypes.Type> known = types.of(schema);
    Map<String, Object> values = new LinkedHashMap<>();
    var fields = row.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      DebeziumTypes.Type type = known.get(field.getKey());
      values.put(
          field.getKey(),
          type == null || field.getValue().isNull()
              ? JsonRecords.value(field.getValue())
              : type.value(field.getValue()));
    }
    return values;
  }
}
