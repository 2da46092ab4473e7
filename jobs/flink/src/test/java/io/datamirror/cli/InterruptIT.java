package io.datamirror.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.datamirror.lake.LakeCatalog;
import io.datamirror.spec.LakeSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror that goes on until somebody ends its process. */
class InterruptIT {
  private static final Path DIST = Path.of(System.getProperty("mirror.dist"));
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path directory;

  @Test
  void to_be_told_to_stop_is_no_failure_and_the_lake_keeps_what_is_committed() throws Exception {
    Shop shop = Shop.withOrders(directory);
    Path talk = directory.resolve("talk.txt");
    Process mirror = start(shop, talk);
    try {
      await().atMost(PATIENCE).until(() -> hasCommitted(shop) || !mirror.isAlive());
      mirror.destroy();

      assertThat(mirror.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      mirror.destroyForcibly();
    }
    String said = read(talk);
    assertThat(said).doesNotContain("MIRROR-");
    // Of its progress a mirror may tell until its job has ended.
    assertThat(said.lines().filter(line -> !line.startsWith("  orders ")))
        .last()
        .isEqualTo("Stopping; the lake keeps what is committed.");
    assertHasOrders(shop);
    shop.run();
    assertHasOrders(shop);
  }

  private static void assertHasOrders(Shop shop) {
    assertThat(Cli.run("query", "--spec", shop.spec(), "SELECT ID FROM orders", "-o", "csv").out())
        .hasLineCount(3)
        .contains("1\n", "2\n");
  }

  /** The file of a snapshot is there before the catalog knows of it. */
  private static boolean hasCommitted(Shop shop) {
    return hasWrittenSnapshot(shop.lake()) && knowsSnapshot(shop);
  }

  private static boolean knowsSnapshot(Shop shop) {
    LakeSpec lake = SpecReader.read(Path.of(shop.spec())).lake();
    try (LakeCatalog catalog = LakeCatalog.open(lake, SecretSource.ofProcess())) {
      return catalog.load("orders").currentSnapshot() != null;
    }
  }

  private static boolean hasWrittenSnapshot(Path lake) {
    Path metadata = lake.resolve("shop/orders/metadata");
    try (var files = Files.list(metadata)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("snap-"));
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(Shop shop, Path talk) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("mirror.jvm.opens").split(" ")));
    String classPath = DIST.resolve("data-mirror.jar") + File.pathSeparator + DIST.resolve("lib/*");
    command.addAll(List.of("-Xmx1g", "-Dlog4j2.level=ERROR", "-cp", classPath));
    command.addAll(List.of(MirrorCommand.class.getName(), "run", "--spec", shop.spec()));
    return new ProcessBuilder(command)
        .redirectError(talk.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
