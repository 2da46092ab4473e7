package io.datamirror.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.Cardinality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads Adobe Experience Platform descriptors: primary key, version, timestamp and relationship.
 *
 * <p>Both forms that its pages show are read: the type as {@code @type} or as {@code
 * xdm:descriptor}, properties with or without a slash before them, one property as a text or in a
 * list. A file holds one descriptor, several one behind the other, or lists of them.
 */
public final class Descriptors {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA = "xdm:sourceSchema";
  private static final String PROPERTY = "xdm:sourceProperty";
  private static final String DESTINATION = "xdm:destinationSchema";
  private static final String DESTINATION_PROPERTY = "xdm:destinationProperty";
  private static final String CARDINALITY = "xdm:cardinality";
  private static final String NEXT_STEP =
      "Name a file of descriptors, as the schema registry answers them.";
  private static final String TYPE = "@type";
  private static final String OTHER_TYPE = "xdm:descriptor";
  private static final Set<String> USED =
      Set.of(
          TYPE,
          OTHER_TYPE,
          "@id",
          SCHEMA,
          PROPERTY,
          DESTINATION,
          DESTINATION_PROPERTY,
          CARDINALITY);

  private final Map<String, DescribedSchema> schemas = new LinkedHashMap<>();
  private final String defaultSchema;
  private final List<String> notes;

  private Descriptors(String defaultSchema, List<String> notes) {
    this.defaultSchema = defaultSchema;
    this.notes = notes;
  }

  /**
   * Reads a file's text.
   *
   * @param defaultSchema the schema of descriptors that name none
   * @param notes receives what cannot be taken over
   * @return the schemas by their names, in the order of the text
   * @throws MirrorException if the text is not JSON
   */
  public static Map<String, DescribedSchema> read(
      String text, String defaultSchema, List<String> notes) {
    Descriptors descriptors = new Descriptors(defaultSchema, notes);
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
      while (values.hasNextValue()) {
        descriptors.readAny(values.nextValue());
      }
    } catch (JsonProcessingException e) {
      throw unreadable(e, "the text is not JSON, near line " + e.getLocation().getLineNr());
    } catch (IOException e) {
      throw unreadable(e, "the text cannot be read");
    }
    if (descriptors.schemas.isEmpty()) {
      throw new MirrorException(
          ErrorCode.MODEL_UNREADABLE, "descriptors", "the text holds no descriptor", NEXT_STEP);
    }
    descriptors.schemas.values().forEach(schema -> schema.noteMissing(notes));
    return descriptors.schemas;
  }

  private static MirrorException unreadable(IOException cause, String sentence) {
    return MirrorException.causedBy(
        cause, ErrorCode.MODEL_UNREADABLE, "descriptors", sentence, NEXT_STEP);
  }

  private void readAny(JsonNode node) {
    if (node.isArray()) {
      node.forEach(this::readAny);
    } else if (node.has(TYPE) || node.has(OTHER_TYPE)) {
      readDescriptor(node);
    } else if (node.isObject()) {
      node.forEach(
          value -> {
            if (value.isContainerNode()) {
              readAny(value);
            }
          });
    } else {
      notes.add(node + " is no descriptor and is left out");
    }
  }

  private void readDescriptor(JsonNode node) {
    String type = node.has(TYPE) ? node.path(TYPE).asText() : node.path(OTHER_TYPE).asText();
    String schema = schemaName(node.path(SCHEMA).asText(defaultSchema));
    DescribedSchema described = schemas.computeIfAbsent(schema, name -> new DescribedSchema(name));
    Optional<List<String>> properties = properties(node.path(PROPERTY), schema);
    switch (type) {
      case "xdm:descriptorPrimaryKey" -> {
        noteSecond(type, schema, described.primaryKey(), properties);
        properties.ifPresent(described::primaryKey);
      }
      case "xdm:descriptorVersion" -> {
        noteSecond(type, schema, described.version(), properties);
        properties.ifPresent(described::version);
      }
      case "xdm:descriptorTimestamp" -> {
        noteSecond(type, schema, described.timestamp().stream().toList(), properties);
        properties.ifPresent(columns -> timestamp(described, columns));
      }
      case "xdm:descriptorRelationship" ->
          properties.ifPresent(columns -> relationship(described, columns, node));
      case "xdm:descriptorOneToOne" ->
          properties.ifPresent(columns -> relate(described, columns, node, Cardinality.ONE_TO_ONE));
      default -> {
        notes.add(schema + ": the descriptor " + type + " is left out");
        return;
      }
    }
    noteUnused(schema, type, node);
  }

  private void noteSecond(
      String type, String schema, List<String> first, Optional<List<String>> second) {
    if (!first.isEmpty() && second.filter(columns -> !columns.equals(first)).isPresent()) {
      notes.add(schema + ": has a second " + type + ", which takes the place of the first");
    }
  }

  private void timestamp(DescribedSchema schema, List<String> columns) {
    if (columns.size() > 1) {
      List<String> others = columns.subList(1, columns.size());
      notes.add(
          schema.name()
              + ": "
              + String.join(", ", others)
              + " is left out: a timestamp is one field");
    }
    schema.timestamp(columns.get(0));
  }

  private void relationship(DescribedSchema schema, List<String> columns, JsonNode node) {
    String code = node.path(CARDINALITY).asText("");
    Optional<Cardinality> known =
        Arrays.stream(Cardinality.values()).filter(one -> one.text().equals(code)).findFirst();
    if (known.isPresent()) {
      relate(schema, columns, node, known.get());
    } else if (code.isEmpty()) {
      notes.add(schema.name() + ": a relationship says no cardinality and is taken as M:1");
      relate(schema, columns, node, Cardinality.MANY_TO_ONE);
    } else {
      notes.add(
          schema.name()
              + ": the relationship of "
              + String.join(", ", columns)
              + " is left out: its cardinality "
              + code
              + " is none of 1:1, 1:0, M:1 and M:0");
    }
  }

  private void relate(
      DescribedSchema schema, List<String> columns, JsonNode node, Cardinality cardinality) {
    if (!node.has(DESTINATION)) {
      notes.add(schema.name() + ": a relationship is left out, since it names no destination");
      return;
    }
    String destination = schemaName(node.path(DESTINATION).asText());
    Optional<List<String>> referenced =
        node.has(DESTINATION_PROPERTY)
            ? properties(node.path(DESTINATION_PROPERTY), destination)
            : Optional.of(List.of());
    referenced.ifPresent(
        other ->
            schema.relationship(
                new DescribedSchema.Reference(columns, destination, other, cardinality)));
  }

  /** The properties without their slash; empty after a note, if one is not at the root. */
  private Optional<List<String>> properties(JsonNode node, String schema) {
    List<String> properties = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> properties.add(item.asText()));
    } else if (node.isTextual()) {
      properties.add(node.asText());
    }
    properties.replaceAll(text -> text.startsWith("/") ? text.substring(1) : text);
    boolean nested = properties.stream().anyMatch(text -> text.contains("/"));
    if (properties.isEmpty() || nested || properties.stream().anyMatch(String::isBlank)) {
      notes.add(
          schema
              + ": "
              + (properties.isEmpty() ? "a descriptor without a property" : properties)
              + " is left out: only fields at the root can be taken over");
      return Optional.empty();
    }
    return Optional.of(properties);
  }

  /** The last part of a schema's address. */
  private static String schemaName(String address) {
    String path = address.replaceAll("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void noteUnused(String schema, String type, JsonNode node) {
    Set<String> unused = new TreeSet<>();
    node.fieldNames().forEachRemaining(unused::add);
    unused.removeAll(USED);
    if (!unused.isEmpty()) {
      notes.add(schema + ": " + String.join(", ", unused) + " of " + type + " is not taken over");
    }
  }
}
