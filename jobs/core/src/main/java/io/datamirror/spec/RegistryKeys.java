package io.datamirror.spec;

import io.datamirror.spec.SecretText.Display;
import java.util.List;

/** The keys of a schema registry. */
final class RegistryKeys {

  static final SpecKey<SecretText> URL =
      SpecKey.<SecretText>required(
              "url",
              SecretType.text("an address", Display.URL),
              "https://registry:8081",
              "Where it is, with its path if it has one.")
          .alsoCalled("uri", "schema.registry.url", "address");

  static final SpecKey<SecretText> USER =
      SpecKey.<SecretText>optional(
              "user",
              SecretType.text("a text", Display.WHOLE),
              "${env:REGISTRY_USER}",
              "The user, or the key of an API, if it asks for one. Reading is all that it needs to"
                  + " be allowed.")
          .alsoCalled("username", "user-name", "login");

  static final SpecKey<SecretText> PASSWORD =
      SpecKey.<SecretText>optional(
              "password",
              SecretType.text("a text", Display.HIDDEN),
              "${file:/run/secrets/registry}",
              "The user's password, or the secret of an API's key.")
          .alsoCalled("pass", "pwd", "passwd");

  static final SpecKey<SecretText> TOKEN =
      SpecKey.<SecretText>optional(
              "token",
              SecretType.text("a text", Display.HIDDEN),
              "${env:REGISTRY_TOKEN}",
              "What is sent as a bearer token instead of user and password.")
          .alsoCalled("bearer", "bearer-token");

  static final SpecSection SECTION =
      new SpecSection(
          "source.registry",
          "The schema registry of records in Avro: Confluent's, or one that answers like it.",
          List.of(URL, USER, PASSWORD, TOKEN));

  static final SpecKey<RegistrySpec> REGISTRY =
      SpecKey.<RegistrySpec>optional(
              "registry",
              new SectionType<>(SECTION, RegistryReader::read),
              "{ url: \"https://registry:8081\" }",
              "The schema registry. `format: avro` and `format: debezium-avro` need it.")
          .alsoCalled("schema-registry", "schema.registry.url", "schema-registry-url");

  private RegistryKeys() {}
}
