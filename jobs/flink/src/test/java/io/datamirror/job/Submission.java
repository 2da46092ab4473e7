package io.datamirror.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.cli.Cli;
import io.datamirror.cluster.RealCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/**
 * A start of a mirror in a cluster of processes, by the command line.
 *
 * @param more options besides
 */
record Submission(RealCluster cluster, Path spec, List<String> more) {

  Submission(RealCluster cluster, Path spec) {
    this(cluster, spec, List.of());
  }

  Submission with(String option, String value) {
    return new Submission(
        cluster, spec, Stream.concat(more.stream(), Stream.of(option, value)).toList());
  }

  /** Submits it; the cluster must take it. */
  JobID run() {
    Stream<String> arguments =
        Stream.of("run", "--spec", spec.toString(), "--cluster", cluster.address().toString());
    Cli.Result result = Cli.run(Stream.concat(arguments, more.stream()).toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JobID.fromHexString(
        result.out().lines().findFirst().orElseThrow().replace("job     ", ""));
  }
}
