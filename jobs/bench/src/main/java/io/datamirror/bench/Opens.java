package io.datamirror.bench;

import java.util.List;
import java.util.stream.Stream;

/** The packages that Flink and Spark reach into; jvm.opens in pom.xml, and what Spark asks for. */
final class Opens {

  private static final List<String> PACKAGES =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private Opens() {}

  static List<String> arguments() {
    return PACKAGES.stream()
        .flatMap(name -> Stream.of("--add-opens", "java.base/" + name + "=ALL-UNNAMED"))
        .toList();
  }
}
