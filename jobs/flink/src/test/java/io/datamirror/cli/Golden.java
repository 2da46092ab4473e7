package io.datamirror.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts that must stay as they are, from a resource with a heading of {@code ## name} for each. */
final class Golden {
  private final Map<String, String> texts = new LinkedHashMap<>();

  private Golden() {}

  static Golden read(String resource) {
    try (InputStream input = Golden.class.getResourceAsStream(resource)) {
      String content = new String(input.readAllBytes(), StandardCharsets.UTF_8);
      Golden golden = new Golden();
      for (String section : content.split("(?m)^## ")) {
        int end = section.indexOf('\n');
        if (end > 0) {
          golden.texts.put(section.substring(0, end), section.substring(end + 1).strip());
        }
      }
      return golden;
    } catch (IOException e) {
      throw new IllegalStateException(resource, e);
    }
  }

  /** The text under a heading. */
  String text(String name) {
    return texts.getOrDefault(name, "there is no golden text called " + name);
  }
}
