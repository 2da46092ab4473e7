package io.datamirror.spec;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the tables are kept.
 *
 * @param catalog the properties of the Iceberg catalog, in the spec's order, {@code type} and
 *     {@code catalog-impl} among them
 * @param namespace one level, checked by {@link LakeName}
 */
public record LakeSpec(Map<String, SecretText> catalog, String namespace) implements Serializable {

  public LakeSpec {
    catalog = new LinkedHashMap<>(catalog);
  }

  @Override
  public Map<String, SecretText> catalog() {
    return Collections.unmodifiableMap(catalog);
  }

  /** One of jdbc, rest, hive, hadoop; empty if the catalog is given by its class. */
  public Optional<String> catalogType() {
    return Optional.ofNullable(catalog.get("type")).map(SecretText::literal);
  }

  /** The root of the tables' files; empty if the catalog knows it by itself. */
  public Optional<SecretText> warehouse() {
    return Optional.ofNullable(catalog.get("warehouse"));
  }
}
