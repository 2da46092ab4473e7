package io.datamirror.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.spec.testing.SampleSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeSpecTest {

  private static final String SPEC =
      """
      mirror: shop
      source:
        type: snowflake
        url: jdbc:snowflake://account.snowflakecomputing.com/
      lake:
        catalog: { type: hadoop, warehouse: ./lake }
        namespace: shop
      tables:
        - name: orders
          source: SHOP.PUBLIC.ORDERS
          feed: native
      """;

  @Test
  void aNameAndATableAreEnough() {
    MirrorSpec spec = SpecReader.read(SPEC);
    assertThat(spec.table("orders").orElseThrow().primaryKey()).isEmpty();
    assertThat(spec.source().retentionWarningPercent()).isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource({"snowflake, PT60S", "databricks, PT0S", "bigquery, PT10M"})
  void eachWarehouseSettlesInItsOwnTime(String type, Duration settle) {
    assertThat(SpecReader.read(SPEC.replace("type: snowflake", "type: " + type)).source().settle())
        .isEqualTo(settle);
  }

  @Test
  void theSpecMaySaySettleItself() {
    String spec = SPEC.replace("type: snowflake", "type: snowflake\n  settle: 90s");
    assertThat(SpecReader.read(spec).source().settle()).isEqualTo(Duration.ofSeconds(90));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cursor: ID",
        "operation: OP",
        "order: ID",
        "transaction: X",
        "snapshot: SHOP.PUBLIC.BASE",
        "tie: delete-wins"
      })
  void whatTheFeedSaysItselfIsNotDeclared(String key) {
    assertThat(SampleSpec.problemsOf(SPEC + "    " + key + "\n"))
        .singleElement()
        .asString()
        .contains("MIRROR-1006", "a native feed has its own " + key.substring(0, key.indexOf(':')));
  }

  @Test
  void aLostHistoryMayBeAnsweredByReadingTheTableAgain() {
    String spec = SPEC.replace("type: snowflake", "type: snowflake\n  on-history-lost: snapshot");
    assertThat(SpecReader.read(spec).source().onHistoryLost()).isEqualTo(OnHistoryLost.SNAPSHOT);
  }

  @Test
  void aWarehouseSaysWhatItLost() {
    String spec = SPEC.replace("type: snowflake", "type: snowflake\n  on-history-lost: continue");
    assertThat(SampleSpec.problemsOf(spec))
        .containsExactly(
            "MIRROR-1006 source.on-history-lost (line 4): a source of type snowflake says itself"
                + " what it no longer has. Write on-history-lost: stop, or snapshot where there is"
                + " a table to read again.");
  }

  @Test
  void appendedRowsAreToldByBigQueryAlone() {
    String spec = SPEC.replace("feed: native", "feed: appends");
    assertThat(SpecReader.read(spec.replace("type: snowflake", "type: bigquery")).tables())
        .singleElement()
        .satisfies(table -> assertThat(table.feed()).isEqualTo(FeedKind.APPENDS));
    assertThat(SampleSpec.problemsOf(spec))
        .singleElement()
        .asString()
        .contains("MIRROR-1006", "a source of type snowflake has no feed of appended rows");
  }

  @Test
  void tablesOfChangesAreReadAsJdbc() {
    String spec =
        SPEC.replace("feed: native", "feed: change-table\n    cursor: ID\n    primary-key: [ID]");
    assertThat(SampleSpec.problemsOf(spec))
        .singleElement()
        .asString()
        .contains("a source of type snowflake is read by its native feed");
  }
}
