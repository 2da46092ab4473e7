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

  /** The directory holds the project: without the refusal, nothing would be begun there either. */
  @Test
  void a_demo_that_mirrors_nothing_takes_no_option_of_one_that_does() {
    for (String verb : new String[] {"--serve", "--stop"}) {
      for (String[] option :
          new String[][] {
            {"--shuffle", "7"}, {"--keep", "x"}, {"--until", "1188"}, {"--mode", "streaming"}
          }) {
        assertRefused(
            "MIRROR-1016 "
                + option[0]
                + ": this means nothing beside "
                + verb
                + ". Leave one of the two out.",
            "demo",
            verb,
            ".",
            option[0],
            option[1]);
      }
    }
    assertRefused(
        "MIRROR-1016 --serve: this means nothing beside --stop. Leave one of the two out.",
        "demo",
        "--serve",
        ".",
        "--stop",
        ".");
  }

  @Test
  void a_model_that_comes_from_the_spec_takes_no_option_of_one_that_does_not() {
    assertRefused(
        "MIRROR-1016 --schema: the tables are those of the spec, whatever their schema. Add"
            + " --from-source, --from-ddl or --from-descriptors, or leave it out.",
        "model",
        "--spec",
        "no-such.yaml",
        "--schema",
        "public");
    for (String other : new String[] {"--set=mirror=shop", "--from-source"}) {
      assertRefused(
          "MIRROR-1016 --dialect: this is the dialect of a DDL file, and none is read. Add"
              + " --from-ddl, or leave it out.",
          "model",
          "--spec",
          "no-such.yaml",
          other,
          "--dialect",
          "postgresql");
    }
  }

  @Test
  void a_cluster_is_named_in_one_way() {
    assertRefused(
        "MIRROR-1016 --dir: --cluster says already which cluster it is. Leave one of the two out.",
        "cluster",
        "status",
        "--dir",
        ".",
        "--cluster",
        "localhost:1");
  }

  private static void assertRefused(String message, String... arguments) {
    Cli.Result result = Cli.run(arguments);
    assertThat(result.err()).startsWith(message);
    assertThat(result.exitCode()).isEqualTo(2);
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
