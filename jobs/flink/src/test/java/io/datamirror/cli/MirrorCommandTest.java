package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MirrorCommandTest {

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);

  @Test
  void a_verb_whose_output_was_lost_has_not_ended_well() {
    PrintStream full = new PrintStream(new FullDisk(), true, StandardCharsets.UTF_8);
    full.println("id,name");
    assertThat(MirrorCommand.written(0, full, err)).isEqualTo(3);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("MIRROR-2083 standard output: not all of what was asked for could be written");
  }

  @Test
  void a_verb_that_failed_ends_as_it_failed() {
    PrintStream full = new PrintStream(new FullDisk(), true, StandardCharsets.UTF_8);
    full.println("id,name");
    assertThat(MirrorCommand.written(4, full, err)).isEqualTo(4);
    assertThat(told.size()).isZero();
  }

  @Test
  void a_verb_whose_output_was_written_ends_well() {
    PrintStream room = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    room.println("id,name");
    assertThat(MirrorCommand.written(0, room, err)).isZero();
    assertThat(told.size()).isZero();
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
