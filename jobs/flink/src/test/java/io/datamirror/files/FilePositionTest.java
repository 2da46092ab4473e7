package io.datamirror.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import io.datamirror.feed.Position;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FilePositionTest {

  private static List<ChangeFile> files(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(number -> new ChangeFile("day/" + number + ".csv", 10, number))
        .toList();
  }

  @Test
  void files_that_were_moved_away_are_forgotten_so_a_position_never_grows_for_ever() {
    FilePosition position = FilePosition.BEGINNING;
    for (int first = 0; first < 10_000; first += 10) {
      List<ChangeFile> present = files(first - 5, first + 10);
      position = position.after(present.subList(5, 15), present, "prices");
    }

    assertThat(position.count()).isEqualTo(10_000);
    assertThat(position.marks()).hasSize(15);
    assertThat(position.position().text()).hasSizeLessThan(250);
  }

  @Test
  void a_position_is_read_as_it_was_written() {
    List<ChangeFile> files = files(0, 3);
    FilePosition position = FilePosition.BEGINNING.after(files, files, "prices");

    assertThat(FilePosition.of(position.position(), "prices")).isEqualTo(position);
    assertThat(files).allMatch(position::has);
    assertThat(position.has(new ChangeFile("day/0.csv", 11, 0))).as("written again").isFalse();
  }

  @Test
  void more_files_than_a_position_can_name_stop_the_table_by_name() {
    List<ChangeFile> most = files(0, FilePosition.MOST_FILES);
    FilePosition full = FilePosition.BEGINNING.after(most, most, "prices");
    List<ChangeFile> present = files(0, FilePosition.MOST_FILES + 1);

    assertThatThrownBy(
            () ->
                full.after(
                    present.subList(FilePosition.MOST_FILES, present.size()), present, "prices"))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2048 prices: its directory holds more than 20000 files. Move files away that"
                + " were read; what was read stays read.");
  }

  @Test
  void more_files_at_a_first_start_are_not_told_to_have_been_read() {
    List<ChangeFile> present = files(0, FilePosition.MOST_FILES + 1);

    assertThatThrownBy(() -> FilePosition.BEGINNING.after(present, present, "prices"))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2048 prices: its directory holds more than 20000 files. Leave so many there at"
                + " most; move the others in when those are read and moved away.");
  }

  @Test
  void a_position_of_another_kind_of_source_is_told_from_one_of_files() {
    assertThatThrownBy(() -> FilePosition.of(new Position("4711"), "prices"))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-2010 prices: the stored position is none of files.");
  }
}
