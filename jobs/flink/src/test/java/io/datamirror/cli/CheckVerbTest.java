package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckVerbTest {

  @TempDir private Path directory;

  @Test
  void rows_that_no_window_will_ever_hold_are_counted() throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.sql("ALTER TABLE ORDERS_CHANGES ADD COLUMN AT BIGINT");
    shop.sql("UPDATE ORDERS_CHANGES SET AT = SEQ WHERE ID = 1");

    Cli.Result seldom = Cli.run("check", "--spec", shop.spec("cursor: SEQ", "cursor: AT"));
    Cli.Result always = Cli.run("check", "--spec", shop.spec());

    assertThat(seldom.exitCode()).as(seldom.err()).isZero();
    assertThat(seldom.out()).contains("1 row without a cursor will never be mirrored");
    assertThat(always.out()).contains("ok      orders: reads").doesNotContain("without a cursor");
  }

  @Test
  void a_source_that_cannot_be_reached_is_one_finding_and_the_lake_is_looked_at_all_the_same()
      throws Exception {
    Shop shop = Shop.withOrders(directory);
    shop.run();
    String spec = shop.spec("password: ${file:$DIR/password}", "password: wrong");

    Cli.Result text = Cli.run("check", "--spec", spec);
    Cli.Result json = Cli.run("check", "--spec", spec, "-o", "json");

    assertThat(text.out().lines())
        .containsExactly("problem source", "ok      lake shop: can be written");
    assertThat(text.err()).contains("MIRROR-2002 jdbc:h2:file:");
    assertThat(text.exitCode()).isEqualTo(3);
    JsonNode document = new ObjectMapper().readTree(json.out());
    assertThat(document.at("/ok").asBoolean()).isFalse();
    assertThat(document.at("/findings/0/name").asText()).isEqualTo("source");
    assertThat(document.at("/findings/0/problems/0/code").asText()).isEqualTo("MIRROR-2002");
    assertThat(document.at("/findings/1/name").asText()).isEqualTo("lake shop");
    assertThat(json.exitCode()).isEqualTo(3);
  }
}
