package io.datamirror.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.error.MirrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is otherwise where files are in an object store. */
class ObjectStoreTest {

  @TempDir private Path directory;

  private FileClient client() {
    return new FileClient(FilePlace.of(TestStore.SCHEME + ":" + directory), Duration.ZERO);
  }

  private void upload(String name, String content, long modifiedMillis) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.fromMillis(modifiedMillis));
  }

  @Test
  void a_file_is_the_same_where_it_is_listed_in_milliseconds_and_told_of_in_seconds()
      throws Exception {
    upload("in/a.csv", "id\n1\n", 7_654);
    ChangeFile listed = client().list(".", "items").get(0);

    assertThat(listed).isEqualTo(new ChangeFile("in/a.csv", 5, 7_654));
    try (FileInput input = client().open(listed, "items")) {
      assertThat(input.readAllBytes()).asString().isEqualTo("id\n1\n");
    }
    ChangeFile alone = client().list("in/a.csv", "items").get(0);
    assertThat(alone).isEqualTo(new ChangeFile("in/a.csv", 5, 7_000));
    client().open(alone, "items").close();
  }

  @Test
  void a_file_that_was_written_again_in_another_second_or_length_is_none_that_was_listed()
      throws Exception {
    upload("a.csv", "id\n1\n", 7_654);
    ChangeFile listed = client().list(".", "items").get(0);

    upload("a.csv", "id\n2\n", 8_654);
    assertWrittenAgain(listed);
    upload("a.csv", "id\n12\n", 7_654);
    assertWrittenAgain(listed);
  }

  @Test
  void a_directory_whose_files_were_all_moved_away_is_empty_and_not_missing() throws Exception {
    upload("in/a.csv", "id\n1\n", 7_654);
    assertThat(client().list("in", "items")).hasSize(1);
    Files.move(directory.resolve("in/a.csv"), directory.resolve("read.csv"));

    assertThat(client().list("in", "items")).isEmpty();
    assertThat(client().list("in/*.csv", "items")).isEmpty();
    Files.delete(directory.resolve("in"));
    assertThat(client().list("in", "items")).isEmpty();
  }

  @Test
  void a_single_file_that_is_not_there_is_missing_all_the_same() {
    String address = TestStore.SCHEME + ":" + directory + "/purge.csv";

    assertThatThrownBy(() -> SingleFile.of(address))
        .isInstanceOf(MirrorException.class)
        .hasMessage("MIRROR-1016 " + address + ": there is no such file. Name one that exists.");
  }

  private void assertWrittenAgain(ChangeFile listed) {
    assertThatThrownBy(() -> client().open(listed, "items"))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith(
            "MIRROR-2009 items: the file a.csv was written again before it was read.");
  }
}
