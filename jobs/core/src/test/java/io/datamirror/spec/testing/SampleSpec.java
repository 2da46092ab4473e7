package io.datamirror.spec.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.error.Problem;
import io.datamirror.error.ProblemsException;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecReader;
import java.util.List;

/** A small correct spec, to be spoilt at one place. */
public record SampleSpec(String text) {

  /** A spec without any problem; the table begins at line 9. */
  public static final SampleSpec CORRECT =
      new SampleSpec(
          """
          mirror: shop
          source:
            type: jdbc
            url: jdbc:h2:./data/shop
          lake:
            catalog: { type: hadoop, warehouse: ./lake }
            namespace: shop
          tables:
            - name: orders
              source: PUBLIC.ORDERS_CHANGES
              feed: change-table
              primary-key: [id]
              version: [revision]
              cursor: change_id
          """);

  /** The spec with one part of its text replaced. */
  public SampleSpec with(String part, String replacement) {
    assertThat(text).contains(part);
    return new SampleSpec(text.replace(part, replacement));
  }

  /** The spec with more keys for its table. */
  public SampleSpec withTableKeys(String... lines) {
    StringBuilder longer = new StringBuilder(text);
    for (String line : lines) {
      longer.append("    ").append(line).append('\n');
    }
    return new SampleSpec(longer.toString());
  }

  /** What is read. */
  public MirrorSpec read() {
    return SpecReader.read(text);
  }

  /** The problems as people read them; none if there are none. */
  public List<String> problems() {
    return problemsOf(text);
  }

  /** The problems of a text as people read them. */
  public static List<String> problemsOf(String text) {
    try {
      SpecReader.read(text);
      return List.of();
    } catch (ProblemsException e) {
      return e.problems().stream().map(Problem::text).toList();
    }
  }
}
