package io.datamirror.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
  @Test
  void noNumberIsGivenTwice() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
  }

  @Test
  void isReadAsMirrorAndItsNumber() {
    assertThat(ErrorCode.SPEC_SYNTAX).hasToString("MIRROR-1001");
    assertThat(ErrorCode.DATA_DIFFER).hasToString("MIRROR-5001");
  }

  @Test
  void everyCodeHasAMeaningOfOneSentence() {
    assertThat(ErrorCode.values())
        .allSatisfy(code -> assertThat(code.meaning()).matches("[A-Z][^.]*\\."));
  }

  @Test
  void everyNumberStandsInTheRangeOfItsPart() {
    assertThat(ErrorCode.values())
        .allSatisfy(code -> assertThat(code.number()).isBetween(1001, 5999));
  }

  @Test
  void classesGiveTheExitCodesOfTheCommandLine() {
    assertThat(ErrorCode.CONTRADICTION.exitCode()).isEqualTo(2);
    assertThat(ErrorCode.WRONG_CREDENTIALS.exitCode()).isEqualTo(3);
    assertThat(ErrorCode.BAD_ROW.exitCode()).isEqualTo(1);
    assertThat(ErrorCode.DATA_DIFFER.exitCode()).isEqualTo(4);
  }
}
