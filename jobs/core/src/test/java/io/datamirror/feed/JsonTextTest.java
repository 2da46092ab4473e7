package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class JsonTextTest {

  @Property
  void any_text_comes_back(@ForAll String name, @ForAll String value) throws Exception {
    String json = new JsonText().name(name).string(value).end();

    JsonNode read = new ObjectMapper().readTree(json);

    assertThat(read.get(name).textValue()).isEqualTo(value);
  }

  @Example
  void numbers_and_booleans_stand_bare() {
    String json =
        new JsonText()
            .name("a")
            .plain("-1.50")
            .name("b")
            .plain("true")
            .name("c")
            .plain("NaN")
            .name("d")
            .nothing()
            .end();

    assertThat(json).isEqualTo("{\"a\":-1.50,\"b\":true,\"c\":\"NaN\",\"d\":null}");
  }

  @Example
  void a_lone_surrogate_is_escaped() {
    assertThat(new JsonText().name("a").string("\uD83E\n🦉").end())
        .isEqualTo("{\"a\":\"\\ud83e\\u000a🦉\"}");
  }
}
