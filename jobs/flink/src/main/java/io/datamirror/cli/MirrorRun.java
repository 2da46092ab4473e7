package io.datamirror.cli;

import io.datamirror.cluster.ClusterAddress;
import io.datamirror.cluster.ClusterClient;
import io.datamirror.cluster.SavepointFile;
import io.datamirror.commit.SavepointCheck;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.job.Launch;
import io.datamirror.job.MirrorJob;
import io.datamirror.job.Preparation;
import io.datamirror.job.Upload;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.execution.JobClient;

/** Runs a mirror from its spec to its end. */
final class MirrorRun {
  private final MirrorSpec spec;
  private final RunOptions options;
  private final SecretSource secrets;
  private final Console console;
  private final Upload upload;

  MirrorRun(MirrorSpec spec, RunOptions options, SecretSource secrets, Console console) {
    this(spec, options, secrets, console, null);
  }

  /**
   * @param upload what is applied in place of the source's changes; null for those
   */
  MirrorRun(
      MirrorSpec spec, RunOptions options, SecretSource secrets, Console console, Upload upload) {
    this.spec = spec;
    this.options = options;
    this.secrets = secrets;
    this.console = console;
    this.upload = upload;
  }

  /** Runs the mirror in this process; empty if that was told to stop before the mirror's end. */
  Optional<RunReport> inThisProcess() throws Exception {
    return run(Optional.empty()) instanceof RunReport report
        ? Optional.of(report)
        : Optional.empty();
  }

  /**
   * Runs the mirror; returns when it has ended, or when a cluster has taken it over.
   *
   * @param parameters what the job tells of itself
   */
  RunOutcome run(JobParameters parameters) throws Exception {
    return run(Optional.of(parameters));
  }

  private RunOutcome run(Optional<JobParameters> parameters) throws Exception {
    options.check();
    options.cluster().ifPresent(MirrorRun::requireFits);
    try (FlinkRuntime runtime = FlinkRuntime.of(options)) {
      options.check(runtime.configuration());
      if (runtime.inJobManager()) {
        options.checkForJobManager();
      }
      if (!options.rebuilds() || runtime.savepoint().isEmpty()) {
        return run(runtime, parameters);
      }
      Optional<RunOutcome> outcome = unlessLakeAhead(runtime, parameters);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    try (FlinkRuntime runtime = FlinkRuntime.of(options)) {
      runtime.leaveSavepointOut();
      return run(runtime, parameters);
    }
  }

  /**
   * Goes on from the savepoint; empty if the lake is ahead of it. Whether it is, a job notices only
   * when it is too late to start otherwise, so what cannot be seen from here counts as ahead.
   */
  private Optional<RunOutcome> unlessLakeAhead(
      FlinkRuntime runtime, Optional<JobParameters> parameters) throws Exception {
    try {
      if (runtime.savepoint().flatMap(SavepointFile::readableHere).isEmpty()) {
        console.say("The savepoint cannot be read from here: starting from the lake instead.");
        return Optional.empty();
      }
      return Optional.of(run(runtime, parameters));
    } catch (Exception e) {
      ErrorCode code = FailureReport.mirrorError(e, "run").code();
      // A job manager that begins again has the savepoint of its first start, long gone maybe.
      boolean gone = code == ErrorCode.SAVEPOINT_UNREADABLE && runtime.inJobManager();
      if (code != ErrorCode.LAKE_AHEAD && !gone) {
        throw e;
      }
      console.say(
          gone
              ? "The savepoint is not there any more: starting from the lake instead."
              : "The lake is ahead of the savepoint: starting from the lake instead.");
      return Optional.empty();
    }
  }

  /** Looks at the cluster before anything is touched: once the tables are taken, it must work. */
  private static void requireFits(ClusterAddress address) {
    try (ClusterClient cluster = ClusterClient.of(address)) {
      Installation.ownFlink().requireFits(cluster.overview().version(), address.toString());
    }
  }

  private RunOutcome run(FlinkRuntime runtime, Optional<JobParameters> parameters)
      throws Exception {
    long startMillis = System.currentTimeMillis();
    MirrorJob.checkSettings(runtime.environment());
    runtime
        .savepoint()
        .flatMap(SavepointFile::readableHere)
        .ifPresent(savepoint -> savepoint.requireOf(spec.mirror()));
    Launch launch = upload == null ? prepare(runtime) : upload.prepare(spec, secrets);
    job(launch).attachTo(runtime.environment());
    parameters
        .map(told -> told.startedWith(runtime.given()))
        .ifPresent(
            told -> runtime.environment().getConfig().setGlobalJobParameters(told.toFlink()));
    String name = jobName(spec.mirror());
    return switch (runtime.place()) {
      case THIS_PROCESS ->
          here(runtime, name, launch)
              ? RunReport.of(launch, secrets, startMillis)
              : new HandedOver();
      case NAMED_CLUSTER -> there(runtime, name, launch, startMillis);
      case FLINK_RUN -> handedOver(runtime, name, launch, startMillis);
    };
  }

  /** The name of a mirror's job, by which it is found in a cluster. */
  static String jobName(String mirror) {
    return "mirror " + mirror;
  }

  private Launch prepare(FlinkRuntime runtime) {
    return runtime
        .savepoint()
        .map(path -> new SavepointCheck(path, options.settings().onLakeAhead()))
        .map(savepoint -> Preparation.prepare(spec, secrets, savepoint))
        .orElseGet(() -> Preparation.prepare(spec, secrets));
  }

  private MirrorJob job(Launch launch) {
    return upload == null
        ? new MirrorJob(launch, options.settings())
        : upload.job(launch, options.settings(), secrets);
  }

  private boolean here(FlinkRuntime runtime, String name, Launch launch) throws Exception {
    console.say(
        String.format(
            "%s: %s, generation %d",
            name, Plural.of(launch.plan().tables().size(), "table"), launch.plan().generation()));
    try (RunProgress progress = RunProgress.watch(spec.mirror(), console)) {
      JobClient job = runtime.environment().executeAsync(name);
      progress.follow(job::getJobStatus);
      try (Interrupt interrupt = Interrupt.cancels(job, console)) {
        if (!ended(job, interrupt)) {
          return false;
        }
      }
      progress.look();
    }
    return true;
  }

  /** Waits for the end of a job; false if this process was told to end before. */
  private static boolean ended(JobClient job, Interrupt interrupt) throws Exception {
    try {
      await(job);
      return true;
    } catch (Exception e) {
      if (interrupt.pulled()) {
        return false;
      }
      throw e;
    }
  }

  private RunOutcome there(FlinkRuntime runtime, String name, Launch launch, long startMillis)
      throws Exception {
    JobClient job = submit(runtime, name);
    console.say(name + ": submitted as job " + job.getJobID());
    ClusterAddress cluster = options.cluster().orElseThrow();
    if (!options.untilNow()) {
      return new Submitted(spec.mirror(), launch.plan().generation(), job.getJobID(), cluster);
    }
    try (Interrupt interrupt = Interrupt.leaves(job.getJobID(), cluster, console)) {
      return ended(job, interrupt) ? RunReport.of(launch, secrets, startMillis) : new HandedOver();
    }
  }

  /** Waits or not, as flink run was told. */
  private RunOutcome handedOver(FlinkRuntime runtime, String name, Launch launch, long startMillis)
      throws Exception {
    boolean ended = runtime.environment().execute(name).isJobExecutionResult();
    // A job manager that ended with an exit code of its own would be started again.
    return ended && options.untilNow() && !runtime.inJobManager()
        ? RunReport.of(launch, secrets, startMillis)
        : new HandedOver();
  }

  private JobClient submit(FlinkRuntime runtime, String name) throws Exception {
    try {
      return runtime.environment().executeAsync(name);
    } catch (Exception e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.CLUSTER_UNREACHABLE,
          options.cluster().map(ClusterAddress::toString).orElse("cluster"),
          "the cluster does not take the job",
          "See whether the address is its REST address and it runs a fitting Flink.");
    }
  }

  private static void await(JobClient job) throws Exception {
    try {
      var unused = job.getJobExecutionResult().get();
    } catch (ExecutionException e) {
      throw jobFailed(e);
    }
  }

  /** The failure itself if it is one of the mirror's, else one sentence about it. */
  private static Exception jobFailed(ExecutionException failure) {
    MirrorException error = FailureReport.mirrorError(failure, "run");
    if (error.code() != ErrorCode.INTERNAL) {
      return failure;
    }
    return MirrorException.causedBy(
        failure,
        ErrorCode.JOB_FAILED,
        "run",
        error.sentence().replace("this failed", "the job failed"),
        "The log has the whole story. Start it again: it goes on where the lake is.");
  }
}
