package io.datamirror.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.record.BadRecord;
import io.datamirror.spec.RegistrySpec;
import io.datamirror.spec.SecretSource;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A schema registry that answers as Confluent's does, and is only ever asked for schemas. Its own
 * words are in no error: they may hold what is nobody's business.
 */
public final class SchemaRegistry implements SchemaSource {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  /** How a registry says that it has no such schema, and not that it has no such page. */
  private static final int NO_SUCH_SCHEMA = 40403;

  private final RegistryClient client;
  private final String shown;

  private SchemaRegistry(RegistryClient client, String shown) {
    this.client = client;
    this.shown = shown;
  }

  /** The registry of a spec; nothing is asked yet. */
  public static SchemaRegistry of(RegistrySpec spec, SecretSource secrets) {
    return of(spec, secrets, TIMEOUT);
  }

  static SchemaRegistry of(RegistrySpec spec, SecretSource secrets, Duration timeout) {
    return new SchemaRegistry(RegistryClient.of(spec, secrets, timeout), spec.url().toString());
  }

  /**
   * Asks as reading will ask, for an id that the registry may have or not.
   *
   * @throws MirrorException if it does not answer like a registry
   */
  public void check() {
    try {
      schema(1);
    } catch (BadRecord e) {
      // It has no such schema, or one that is not of Avro: it answers.
    }
  }

  @Override
  public List<String> schema(int id) throws BadRecord {
    JsonNode answer = answer("/schemas/ids/" + id);
    if (answer == null) {
      throw new BadRecord("the registry has no schema of its id " + id);
    }
    List<String> schemas = new ArrayList<>();
    add(answer, schemas, new HashSet<>());
    return schemas;
  }

  /** Adds a schema after all those that it refers to. */
  private void add(JsonNode answer, List<String> schemas, Set<String> seen) throws BadRecord {
    if (!answer.path("schemaType").asText("AVRO").equals("AVRO")) {
      throw new BadRecord("the registry has a schema of its id that is not one of Avro");
    }
    for (JsonNode reference : answer.path("references")) {
      String path =
          "/subjects/"
              + URLEncoder.encode(reference.path("subject").asText(), StandardCharsets.UTF_8)
              + "/versions/"
              + reference.path("version").asInt();
      if (seen.add(path)) {
        JsonNode referred = answer(path);
        if (referred == null) {
          throw noRegistry("it refers to a schema that it does not have");
        }
        add(referred, schemas, seen);
      }
    }
    schemas.add(answer.path("schema").asText());
  }

  /** The answer; null if the registry has no such schema. */
  private JsonNode answer(String path) {
    RegistryClient.Answer answer = asked(path);
    JsonNode body = json(answer.body());
    if (answer.status() == OK && body.path("schema").isTextual()) {
      return body;
    }
    if (answer.status() == NOT_FOUND && body.path("error_code").asInt() == NO_SUCH_SCHEMA) {
      return null;
    }
    throw refused(answer.status());
  }

  private RegistryClient.Answer asked(String path) {
    try {
      return client.get(path);
    } catch (IOException e) {
      throw unreachable(e.getClass().getSimpleName());
    } catch (RegistryClient.NoRequest e) {
      throw noRegistry("its address or the credentials hold what no request can");
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode tree = JSON.readTree(body);
      return tree == null ? JSON.missingNode() : tree;
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  private MirrorException refused(int status) {
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return new MirrorException(
          ErrorCode.WRONG_CREDENTIALS,
          shown,
          "the schema registry refuses the credentials, with HTTP " + status,
          "Mend user, password or token under source.registry, or what they refer to.");
    }
    return status >= SERVER_ERROR || status == TOO_MANY_REQUESTS
        ? unreachable("HTTP " + status)
        : noRegistry("HTTP " + status + " without a schema");
  }

  private MirrorException unreachable(String kind) {
    return new MirrorException(
        ErrorCode.REGISTRY_UNREACHABLE,
        shown,
        "the schema registry does not answer, with " + kind,
        "See whether it runs and source.registry.url names the right host and port.");
  }

  private MirrorException noRegistry(String sentence) {
    return new MirrorException(
        ErrorCode.NO_REGISTRY,
        shown,
        "what answers is no schema registry: " + sentence,
        "Write the address under which GET /schemas/ids/1 is answered, with its path if it has"
            + " one, such as /apis/ccompat/v7.");
  }
}
