package io.datamirror.spec;

import io.datamirror.error.ErrorCode;
import java.util.List;

/** Turns the keys of a schema registry into its record. What is missing or wrong is null there. */
final class RegistryReader {

  private RegistryReader() {}

  static RegistrySpec read(Keys keys) {
    RegistrySpec registry =
        new RegistrySpec(
            keys.requiredValue(RegistryKeys.URL),
            keys.value(RegistryKeys.USER),
            keys.value(RegistryKeys.PASSWORD),
            keys.value(RegistryKeys.TOKEN));
    if (registry.url() != null) {
      checkUrl(keys.where(RegistryKeys.URL), registry.url());
    }
    if (keys.has(RegistryKeys.PASSWORD) && !keys.has(RegistryKeys.USER)) {
      keys.where(RegistryKeys.USER)
          .report(
              ErrorCode.MISSING_KEY,
              "there is a password and no user",
              "Add it, for example " + RegistryKeys.USER.exampleLine());
    }
    for (SpecKey<SecretText> key : List.of(RegistryKeys.USER, RegistryKeys.PASSWORD)) {
      if (keys.has(RegistryKeys.TOKEN) && keys.has(key)) {
        keys.where(key)
            .report(
                ErrorCode.CONTRADICTION,
                "token and " + key.name() + " exclude each other",
                "Keep what the registry asks for.");
      }
    }
    return registry;
  }

  private static void checkUrl(Where where, SecretText url) {
    String literal = url.literal();
    if (!literal.matches("(?i)https?://.+") && !literal.startsWith("${")) {
      where.report(
          ErrorCode.BAD_VALUE,
          "this is not the address of a registry",
          "Write one that begins with http:// or https://.");
    } else if (literal.matches("[^/]*//[^/?#]*@.*") || literal.matches(".*[?#].*")) {
      where.report(
          ErrorCode.SECRET_IN_URL,
          "the address holds more than a host, a port and a path",
          "Take it out, and write user, password or token beside it, with ${env:NAME}.");
    }
  }
}
