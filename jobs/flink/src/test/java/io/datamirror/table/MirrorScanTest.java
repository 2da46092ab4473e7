package io.datamirror.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.source.SourceSettings;
import io.datamirror.source.SourceSettings.Board;
import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.ReadUntil;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;

class MirrorScanTest {

  /** What the rule does when a reader fails, MirrorEnumeratorTest shows. */
  @Test
  void in_streaming_readers_that_failed_are_awaited_and_in_batch_they_may_never_come() {
    assertThat(settings(ScanMode.CHANGELOG, ReadUntil.STOPPED).recalled())
        .isEqualTo(Recalled.WITH_CHECKPOINT);
    assertThat(settings(ScanMode.CHANGELOG, ReadUntil.NOW).recalled())
        .isEqualTo(Recalled.WITH_CHECKPOINT);
    assertThat(settings(ScanMode.ROWS, ReadUntil.NOW).recalled()).isEqualTo(Recalled.AT_ONCE);
  }

  @Test
  void two_queries_of_a_table_in_one_process_do_not_tell_on_one_board() {
    assertThat(settings(ScanMode.CHANGELOG, ReadUntil.STOPPED).board()).isEqualTo(Board.OWN);
  }

  @Test
  void a_scan_reads_until_what_the_table_says() {
    assertThat(settings(ScanMode.CHANGELOG, ReadUntil.STOPPED).until()).isEqualTo(Until.STOPPED);
    assertThat(settings(ScanMode.CHANGELOG, ReadUntil.NOW).until()).isEqualTo(Until.NOW);
  }

  private static SourceSettings settings(ScanMode mode, ReadUntil until) {
    MirrorScan.Output output =
        new MirrorScan.Output(mode, ScanPropertiesTest.COLUMNS, TypeInformation.of(RowData.class));
    return MirrorScan.settings(output, until);
  }
}
