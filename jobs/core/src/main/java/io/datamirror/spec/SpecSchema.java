package io.datamirror.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON Schema of the spec, for editors: completion, and most mistakes while typing. */
final class SpecSchema {
  private SpecSchema() {}

  /** The schema as JSON text. */
  static String json() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Data Mirror spec");
    schema.put("description", SpecKeys.SPEC.description());
    schema.putAll(of(SpecKeys.SPEC));
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists and texts are always JSON", e);
    }
  }

  /** The schema of one section. */
  static Map<String, Object> of(SpecSection section) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (SpecKey<?> key : section.keys()) {
      properties.put(key.name(), of(key));
      if (key.presence() == SpecKey.Presence.REQUIRED) {
        required.add(key.name());
      }
    }
    Map<String, Object> schema =
        object("type", "object", "properties", properties, "additionalProperties", false);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static Map<String, Object> of(SpecKey<?> key) {
    Map<String, Object> schema = object("description", key.description().replace("`", ""));
    Map<String, Object> value = key.type().schema();
    if (key.defaultText() != null) {
      boolean number = "integer".equals(value.get("type"));
      schema.put(
          "default", number ? Integer.valueOf(key.defaultText()) : (Object) key.defaultText());
    }
    if (key.presence() == SpecKey.Presence.REQUIRED) {
      schema.putAll(value);
    } else {
      // null means the same as leaving the key out
      schema.put("anyOf", List.of(value, object("type", "null")));
    }
    return schema;
  }

  /** The same, for a place where nothing is required because it may stand elsewhere. */
  static Map<String, Object> withoutRequired(SpecSection section) {
    Map<String, Object> schema = of(section);
    schema.remove("required");
    return schema;
  }

  /** A JSON object of keys and values in turn, which keeps their order. */
  static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int index = 0; index < keysAndValues.length; index += 2) {
      object.put((String) keysAndValues[index], keysAndValues[index + 1]);
    }
    return object;
  }
}
