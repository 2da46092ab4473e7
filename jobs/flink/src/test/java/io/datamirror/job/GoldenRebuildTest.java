package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cli.Cli;
import io.datamirror.cli.FlinkRun;
import io.datamirror.lake.LakeCatalog;
import io.datamirror.lake.LakeKeys;
import io.datamirror.spec.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake that has gone on without the savepoint that {@code flink run} is told to start from. */
class GoldenRebuildTest {

  private static final Path RELEASE =
      Path.of(System.getProperty("basedir"), "src/test/resources/savepoints/0.1.0-tables");

  @TempDir private Path directory;

  @Test
  void it_is_gone_on_from_the_lake_on_demand() throws Exception {
    Path copy = directory.resolve("copy");
    GoldenSavepoint.copy(RELEASE, copy);
    GoldenMirror mirror = new GoldenMirror("jdbc:h2:mem:golden-rebuilt;DB_CLOSE_DELAY=-1", copy);
    mirror.run(GoldenMirror.read(copy.resolve("begin.sql")));
    mirror.run(GoldenMirror.read(copy.resolve("pending.sql")));
    String spec = Files.writeString(directory.resolve("golden.yaml"), mirror.text()).toString();
    Map<String, String> savepoint =
        Map.of("execution.state-recovery.path", copy.resolve("savepoint").toUri().toString());
    String[] upToNow = {"run", "--spec", spec, "--until", "now"};

    goOnWithout(mirror);

    Cli.Result refused = FlinkRun.cli(savepoint, upToNow);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("MIRROR-3007 ")
        .contains("Start with --on-lake-ahead rebuild to go on from the lake");

    Cli.Result rebuilt =
        FlinkRun.cli(
            savepoint,
            Stream.concat(Stream.of(upToNow), Stream.of("--on-lake-ahead", "rebuild"))
                .toArray(String[]::new));
    assertThat(rebuilt.exitCode()).as(rebuilt.err()).isZero();
    assertThat(rebuilt.err())
        .contains("The lake is ahead of the savepoint: starting from the lake instead.");
  }

  /** Leaves what a later start does that has undone something in a table. */
  private static void goOnWithout(GoldenMirror mirror) {
    Launch later = Preparation.prepare(mirror.spec(), SecretSource.ofProcess());
    try (LakeCatalog catalog = LakeCatalog.open(mirror.spec().lake(), SecretSource.ofProcess())) {
      catalog
          .load("orders")
          .newAppend()
          .set(LakeKeys.GENERATION, String.valueOf(later.plan().generation()))
          .set(LakeKeys.RECONCILED, "true")
          .commit();
    }
  }
}
