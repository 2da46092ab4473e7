package io.datamirror.avro;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.record.BadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes readers of schemas, once for each. Types that one schema declares are known to those that
 * are compiled after it.
 */
final class SchemaCompiler {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, AvroReader> named = new HashMap<>();

  /**
   * The reader of a schema.
   *
   * @throws BadRecord if it is none
   */
  AvroReader compile(String schema) throws BadRecord {
    try {
      return reader(JSON.readTree(schema), "");
    } catch (JsonProcessingException e) {
      throw notAvro("it is not JSON");
    }
  }

  private static BadRecord notAvro(String sentence) {
    return new BadRecord("its schema is not one of Avro: " + sentence);
  }

  private AvroReader reader(JsonNode schema, String namespace) throws BadRecord {
    if (schema.isTextual()) {
      return known(schema.textValue(), namespace);
    }
    if (schema.isArray()) {
      return union(schema, namespace);
    }
    JsonNode type = schema.path("type");
    if (!type.isTextual()) {
      if (type.isContainerNode()) {
        return reader(type, namespace);
      }
      throw notAvro("a type is missing");
    }
    String base = type.textValue();
    return switch (base) {
      case "record", "error" -> row(schema, namespace);
      case "enum" -> declared(schema, namespace, new Readers.Enumeration(symbols(schema)));
      case "fixed" -> declared(schema, namespace, fixed(schema));
      case "array" -> new Readers.Items(reader(schema.path("items"), namespace));
      case "map" -> new Readers.Entries(reader(schema.path("values"), namespace));
      default -> Meanings.of(known(base, namespace), base, schema);
    };
  }

  private AvroReader known(String name, String namespace) throws BadRecord {
    AvroReader primitive = Readers.primitive(name);
    if (primitive != null) {
      return primitive;
    }
    AvroReader inSpace = named.get(fullName(name, namespace));
    AvroReader found = inSpace == null ? named.get(name) : inSpace;
    if (found == null) {
      throw notAvro("it names a type that it does not declare");
    }
    return found;
  }

  private static String fullName(String name, String namespace) {
    return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
  }

  private AvroReader declared(JsonNode schema, String namespace, AvroReader reader)
      throws BadRecord {
    String name = schema.path("name").asText();
    if (name.isEmpty()) {
      throw notAvro("a type has no name");
    }
    if (named.putIfAbsent(fullName(name, spaceOf(schema, namespace)), reader) != null) {
      throw notAvro("a type is declared twice");
    }
    return reader;
  }

  /** The namespace of a declared type, which is also that of the names inside it. */
  private static String spaceOf(JsonNode schema, String namespace) {
    String name = schema.path("name").asText();
    int dot = name.lastIndexOf('.');
    return dot >= 0 ? name.substring(0, dot) : schema.path("namespace").asText(namespace);
  }

  private AvroReader row(JsonNode schema, String namespace) throws BadRecord {
    RowReader row = new RowReader();
    AvroReader reader = declared(schema, namespace, Meanings.of(row, "record", schema));
    if (!schema.path("fields").isArray()) {
      throw notAvro("a record has no fields");
    }
    Map<String, AvroReader> fields = new LinkedHashMap<>();
    for (JsonNode field : schema.path("fields")) {
      String name = field.path("name").asText();
      AvroReader value = reader(field.path("type"), spaceOf(schema, namespace));
      if (name.isEmpty() || fields.put(name, value) != null) {
        throw notAvro("a field has no name of its own");
      }
    }
    row.complete(fields);
    return reader;
  }

  private AvroReader union(JsonNode schema, String namespace) throws BadRecord {
    List<AvroReader> branches = new ArrayList<>();
    for (JsonNode branch : schema) {
      branches.add(reader(branch, namespace));
    }
    return new Readers.Union(List.copyOf(branches));
  }

  private static List<String> symbols(JsonNode schema) {
    List<String> symbols = new ArrayList<>();
    schema.path("symbols").forEach(symbol -> symbols.add(symbol.asText()));
    return List.copyOf(symbols);
  }

  private static AvroReader fixed(JsonNode schema) throws BadRecord {
    JsonNode size = schema.path("size");
    if (!size.isInt() || size.intValue() < 0) {
      throw notAvro("a fixed has no size");
    }
    return Meanings.of(new Readers.Fixed(size.intValue()), "fixed", schema);
  }
}
