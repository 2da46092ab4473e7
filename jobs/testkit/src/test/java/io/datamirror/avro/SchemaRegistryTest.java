package io.datamirror.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.record.BadRecord;
import io.datamirror.spec.RegistrySpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SecretText;
import io.datamirror.testkit.RegistryStandin;
import io.datamirror.testkit.RegistryStandin.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaRegistryTest {

  private static final String SECRET = "canary-9b1f";

  private final RegistryStandin standin = RegistryStandin.start();

  @AfterEach
  void close() {
    standin.close();
  }

  private SchemaRegistry registry() {
    return registry(standin.url(), null, null, null);
  }

  private static SchemaRegistry registry(String url, String user, String password, String token) {
    RegistrySpec spec =
        new RegistrySpec(SecretText.of(url), text(user), text(password), text(token));
    return SchemaRegistry.of(spec, SecretSource.ofProcess());
  }

  private static SecretText text(String text) {
    return text == null ? null : SecretText.of(text);
  }

  @Test
  void a_schema_is_found_by_its_id_also_below_a_path() throws BadRecord {
    standin.put(7, "\"string\"");
    standin.put(-1, "\"long\"");

    assertThat(registry().schema(7)).containsExactly("\"string\"");
    assertThat(registry(standin.url() + "/", null, null, null).schema(-1))
        .containsExactly("\"long\"");
  }

  @Test
  void a_schema_comes_after_those_that_it_refers_to() throws BadRecord {
    standin.putSubject("place", "{\"type\": \"record\", \"name\": \"Place\", \"fields\": []}");
    standin.putReferring(3, "[\"null\", \"Place\"]", "place");

    assertThat(registry().schema(3)).hasSize(2).last().isEqualTo("[\"null\", \"Place\"]");
  }

  @Test
  void a_reference_that_leads_nowhere_is_no_fault_of_the_record() {
    standin.putReferring(3, "\"Place\"", "place");

    assertThatThrownBy(() -> registry().schema(3))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("MIRROR-2081");
  }

  @Test
  void an_id_that_is_unknown_or_of_another_kind_is_a_bad_record() {
    standin.put(8, "syntax = \"proto3\";", "PROTOBUF");

    assertThatThrownBy(() -> registry().schema(9))
        .isInstanceOf(BadRecord.class)
        .hasMessage("the registry has no schema of its id 9");
    assertThatThrownBy(() -> registry().schema(8))
        .isInstanceOf(BadRecord.class)
        .hasMessage("the registry has a schema of its id that is not one of Avro");
    assertThatCode(() -> registry().check()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "SERVER_ERROR, 'MIRROR-2080 %s: the schema registry does not answer, with HTTP 500'",
    "TOO_MANY_REQUESTS, 'MIRROR-2080 %s: the schema registry does not answer, with HTTP 429'",
    "BROKEN_OFF, 'MIRROR-2080 %s: the schema registry does not answer, with IOException'",
    "NO_SUCH_PAGE, 'MIRROR-2081 %s: what answers is no schema registry: HTTP 404'",
    "A_PAGE_FOR_PEOPLE, 'MIRROR-2081 %s: what answers is no schema registry: HTTP 200'",
    "JSON_OF_ANOTHER_KIND, 'MIRROR-2081 %s: what answers is no schema registry: HTTP 200'",
  })
  void what_answers_wrongly_is_told_from_what_does_not_answer(Fault fault, String message) {
    standin.put(1, "\"string\"");
    standin.answerWith(fault);

    assertThatThrownBy(() -> registry().check())
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(message.formatted(standin.url()));
  }

  @Test
  void a_registry_that_is_silent_or_away_is_not_waited_for_without_an_end() {
    standin.answerWith(Fault.SILENT);
    RegistrySpec spec = new RegistrySpec(SecretText.of(standin.url()), null, null, null);
    SchemaRegistry impatient =
        SchemaRegistry.of(spec, SecretSource.ofProcess(), Duration.ofSeconds(1));
    assertThatThrownBy(impatient::check)
        .hasMessageContaining("MIRROR-2080")
        .hasMessageContaining("InterruptedIOException");

    SchemaRegistry registry = registry();
    standin.close();
    assertThatThrownBy(registry::check)
        .hasMessageContaining("MIRROR-2080")
        .hasMessageContaining("ConnectException");
  }

  @Test
  void it_is_told_who_asks_and_nobody_else_is() {
    String pair = Base64.getEncoder().encodeToString(utf8("mirror:" + SECRET));
    standin.demand("Basic " + pair);
    assertThatCode(() -> registry(standin.url(), "mirror", SECRET, null).check())
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> registry(standin.url(), "mirror", SECRET + "x", null).check())
        .hasMessageStartingWith("MIRROR-2002 " + standin.url())
        .hasMessageNotContaining(SECRET);

    standin.demand("Bearer " + SECRET);
    assertThatCode(() -> registry(standin.url(), null, null, SECRET).check())
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> registry(standin.url(), null, null, SECRET + "\n").check())
        .hasMessageContaining("MIRROR-2081")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void a_token_that_is_replaced_while_a_mirror_runs_is_sent_from_then_on() throws BadRecord {
    standin.put(7, "\"string\"");
    standin.put(8, "\"long\"");
    AtomicReference<String> token = new AtomicReference<>("first");
    SecretText reference =
        SecretText.parse("${env:TOKEN}", SecretText.Display.HIDDEN).orElseThrow();
    SchemaRegistry registry =
        SchemaRegistry.of(
            new RegistrySpec(SecretText.of(standin.url()), null, null, reference),
            asked -> token.get());
    standin.demand("Bearer first");
    assertThat(registry.schema(7)).containsExactly("\"string\"");

    token.set("second");
    standin.demand("Bearer second");
    assertThat(registry.schema(8)).containsExactly("\"long\"");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void an_id_is_asked_for_once_whether_it_is_known_or_not() throws BadRecord {
    standin.put(7, "\"string\"");
    AvroSchemas schemas = new AvroSchemas(registry());

    assertThat(schemas.reader(7)).isSameAs(schemas.reader(7));
    assertThatThrownBy(() -> schemas.reader(8)).isInstanceOf(BadRecord.class);
    assertThatThrownBy(() -> schemas.reader(8)).isInstanceOf(BadRecord.class);
    assertThat(standin.questions()).isEqualTo(2);
  }

  @Test
  void a_registry_that_was_away_is_asked_again() throws BadRecord {
    standin.put(7, "\"string\"");
    AvroSchemas schemas = new AvroSchemas(registry());
    standin.answerWith(Fault.SERVER_ERROR);
    assertThatThrownBy(() -> schemas.reader(7)).isInstanceOf(MirrorException.class);

    standin.answerWith(Fault.NONE);
    assertThat(schemas.reader(7)).isNotNull();
  }
}
