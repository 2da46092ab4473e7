package io.datamirror.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.ledger.LedgerReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanHistoryTest {

  private static final int ORPHANS = 20_000;

  @TempDir Path directory;

  /** Of all that was ever an orphan, a check holds one file in memory at a time. */
  @Test
  void no_file_holds_more_than_a_small_part_of_the_orphans() throws IOException {
    try (Buckets buckets = new Buckets(0, Files.createDirectory(directory.resolve("orphans")))) {
      for (int id = 0; id < ORPHANS; id++) {
        Orphan orphan = new Orphan("{\"id\":" + id + "}", "{\"code\":\"DE\"}");
        buckets.add(OrphanHistory.entry(orphan, LedgerReason.ORPHAN));
      }
      buckets.seal();

      int all = 0;
      for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
        AtomicInteger held = new AtomicInteger();
        buckets.read(bucket, entry -> held.incrementAndGet());
        assertThat(held).hasValueLessThan(ORPHANS / 100);
        all += held.get();
      }
      assertThat(all).isEqualTo(ORPHANS);
    }
  }

  @Test
  void a_text_that_is_cut_is_the_same_when_the_ledger_gives_it_back() {
    Orphan orphan = new Orphan("{\"id\":1}", "{\"t\":\"" + "x".repeat(20_000) + "\"}");
    Orphan stored = Orphan.of(orphan.text());

    assertThat(stored.key()).isEqualTo(orphan.key());
    assertThat(stored.text()).isEqualTo(orphan.text());
    assertThat(new Orphan("k".repeat(20_000), "r").text())
        .isEqualTo(Orphan.of(new Orphan("k".repeat(20_000), "r").text()).text());
  }
}
