package io.datamirror.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AudienceTest {

  private final FakeEnumeratorContext context = new FakeEnumeratorContext();
  private final Audience audience = new Audience(context);

  @BeforeEach
  void two_readers_have_started() {
    context.register(0);
    context.register(1);
    audience.started(0);
    audience.started(1);
  }

  private List<SourceEvent> events(int reader) {
    return context.events.getOrDefault(reader, List.of());
  }

  @Test
  void a_reader_hears_nothing_from_a_checkpoint_on_until_it_goes_on() {
    audience.checkpointBegins(1);
    assertThat(audience.hears(0)).isFalse();
    audience.checkpointCompleted(1);
    assertThat(audience.hears(0)).as("it may have been the last").isFalse();

    audience.goesOn(0, 1);
    assertThat(audience.hears(0)).isTrue();
    assertThat(audience.hears(1)).as("the other has not said so").isFalse();
  }

  @Test
  void to_go_on_after_an_earlier_checkpoint_says_nothing_of_a_later_one() {
    audience.checkpointBegins(1);
    audience.checkpointBegins(2);
    audience.goesOn(0, 1);
    assertThat(audience.hears(0)).isFalse();

    audience.checkpointAborted(2);
    assertThat(audience.hears(0)).isTrue();
    assertThat(audience.hears(1)).as("the first is still open").isFalse();
  }

  @Test
  void a_reader_that_begins_hears_though_the_one_before_it_did_not_go_on() {
    audience.checkpointBegins(1);
    audience.checkpointCompleted(1);
    audience.started(0);

    assertThat(audience.hears(0)).isTrue();
    audience.checkpointBegins(2);
    assertThat(audience.hears(0)).isFalse();
  }

  @Test
  void what_was_to_be_said_meanwhile_is_said_when_a_reader_goes_on() {
    audience.checkpointBegins(1);
    audience.known(0, List.of(new Finished("a/1/0", "a", 1, 5)));
    audience.known(0, List.of(new Finished("a/1/1", "a", 1, 5)));
    audience.tellKnown();
    audience.tellWatermark(7);
    audience.tellWatermark(8);
    assertThat(events(0)).isEmpty();

    audience.goesOn(0, 1);
    audience.tellKnown();
    audience.tellWatermark(8);
    audience.tellWatermark(8);
    assertThat(events(0))
        .containsExactly(
            new EnumeratorEvent.Known(List.of("a/1/0", "a/1/1")), new EnumeratorEvent.Watermark(8));
    assertThat(events(1)).isEmpty();
  }

  @Test
  void a_reader_that_was_told_to_end_hears_nothing_more() {
    audience.end(0);
    audience.tellWatermark(7);

    assertThat(events(0)).isEmpty();
    assertThat(events(1)).containsExactly(new EnumeratorEvent.Watermark(7));
  }

  @Test
  void a_reader_that_is_not_there_hears_nothing() {
    context.unregister(0);
    audience.known(0, List.of(new Finished("a/1/0", "a", 1, 5)));
    audience.tellKnown();
    assertThat(events(0)).isEmpty();

    context.register(0);
    audience.started(0);
    audience.tellKnown();
    assertThat(events(0)).as("what it had read it tells again").isEmpty();
  }
}
