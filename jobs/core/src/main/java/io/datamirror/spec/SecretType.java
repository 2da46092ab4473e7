package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import io.datamirror.spec.SecretText.Display;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Values that may refer to secrets. No problem of theirs shows any of them. */
final class SecretType {
  private SecretType() {}

  static ValueType<SecretText> text(String title, Display display) {
    return new ScalarType<>(
        title,
        SpecSchema.object("type", "string"),
        (text, where) -> read(text, display, where),
        display);
  }

  /**
   * A mapping of any keys to such values.
   *
   * @param display how much of the value of a key may be shown
   */
  static ValueType<Map<String, SecretText>> mapping(
      String title, Map<String, Object> knownKeys, Function<String, Display> display) {
    return new ValueType<>() {
      @Override
      public Map<String, SecretText> read(YamlNode node, Where where) {
        Map<String, SecretText> values = new LinkedHashMap<>();
        MappingType.forEach(
            node,
            where,
            (key, text, place) -> {
              SecretText value = SecretType.read(text, display.apply(key), place);
              if (value != null) {
                values.put(key, value);
              }
            });
        return values;
      }

      @Override
      public String title() {
        return title;
      }

      @Override
      public Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!knownKeys.isEmpty()) {
          schema.put("properties", knownKeys);
        }
        schema.put("additionalProperties", SpecSchema.object("type", MappingType.SCALARS));
        return schema;
      }

      @Override
      public Display display(String path) {
        return display.apply(path);
      }
    };
  }

  private static SecretText read(String text, Display display, Where where) {
    Optional<SecretText> parsed = SecretText.parse(text, display);
    if (parsed.isEmpty()) {
      where.report(
          ErrorCode.BAD_VALUE,
          "this begins like a reference to a secret and is none",
          "Write ${env:NAME} or ${file:/absolute/path}, or $${ for a plain ${.");
      return null;
    }
    for (SecretReference reference : parsed.get().references()) {
      if (reference.kind() == SecretReference.Kind.FILE
          && !ProcessSecrets.isSafePath(reference.name())) {
        where.report(
            ErrorCode.SECRET_FILE_REFUSED,
            "the path of a secret file must be absolute, without . and .. in it",
            "Write the whole path, as in ${file:/run/secrets/password}.");
        return null;
      }
    }
    return parsed.get();
  }
}
