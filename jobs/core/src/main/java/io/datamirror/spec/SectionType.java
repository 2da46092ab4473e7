package io.datamirror.spec;

import io.datamirror.spec.SecretText.Display;
import java.util.Map;
import java.util.function.Function;

/**
 * Mappings whose keys are known.
 *
 * @param reader makes something of the keys; null once what is wrong has been reported
 * @param shape the JSON Schema of the section, or a weaker one
 */
record SectionType<T>(
    SpecSection section, Function<Keys, T> reader, Function<SpecSection, Map<String, Object>> shape)
    implements ValueType<T> {

  SectionType(SpecSection section, Function<Keys, T> reader) {
    this(section, reader, SpecSchema::of);
  }

  /** The keys as they are. */
  static SectionType<Keys> keys(SpecSection section) {
    return new SectionType<>(section, Function.identity());
  }

  /** The keys as they are, where none of them is required. */
  static SectionType<Keys> someKeys(SpecSection section) {
    return new SectionType<>(section, Function.identity(), SpecSchema::withoutRequired);
  }

  @Override
  public T read(YamlNode node, Where where) {
    return reader.apply(Keys.of(section, node, where));
  }

  @Override
  public String title() {
    return "the keys of `" + section.path() + "`";
  }

  @Override
  public Map<String, Object> schema() {
    return shape.apply(section);
  }

  @Override
  public Display display(String path) {
    int dot = path.indexOf('.');
    String name = dot < 0 ? path : path.substring(0, dot);
    String within = dot < 0 ? "" : path.substring(dot + 1);
    return section.key(name).map(key -> key.type().display(within)).orElse(Display.HIDDEN);
  }
}
