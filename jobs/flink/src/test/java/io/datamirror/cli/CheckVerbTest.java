package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
