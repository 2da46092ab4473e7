package io.datamirror.cli;

import io.datamirror.commit.SavepointCheck;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.job.Launch;
import io.datamirror.job.MirrorJob;
import io.datamirror.job.Preparation;
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

  MirrorRun(MirrorSpec spec, RunOptions options, SecretSource secrets, Console console) {
    this.spec = spec;
    this.options = options;
    this.secrets = secrets;
    this.console = console;
  }

  /**
   * Runs the mirror; returns when it has ended, or when a cluster has taken it over.
   *
   * @return what it did; empty when nobody waited for its end
   */
  Optional<RunReport> run() throws Exception {
    options.check();
    try {
      return run(RunOptions.Start.FROM_SAVEPOINT);
    } catch (Exception e) {
      boolean ahead = FailureReport.mirrorError(e, "run").code() == ErrorCode.LAKE_AHEAD;
      if (!ahead || !options.rebuilds()) {
        throw e;
      }
      console.say("The lake is ahead of the savepoint: starting from the lake instead.");
      return run(RunOptions.Start.FROM_LAKE);
    }
  }

  private Optional<RunReport> run(RunOptions.Start start) throws Exception {
    try (FlinkRuntime runtime = FlinkRuntime.of(options, start)) {
      long startMillis = System.currentTimeMillis();
      MirrorJob.checkSettings(runtime.environment());
      Launch launch = prepare(runtime);
      new MirrorJob(launch, options.settings()).attachTo(runtime.environment());
      String name = "mirror " + spec.mirror();
      boolean ended =
          switch (runtime.place()) {
            case THIS_PROCESS -> here(runtime, name, launch);
            case NAMED_CLUSTER -> there(runtime, name);
            case FLINK_RUN -> {
              // Waits or not, as flink run was told.
              runtime.environment().execute(name);
              yield false;
            }
          };
      return ended ? Optional.of(RunReport.of(launch, secrets, startMillis)) : Optional.empty();
    }
  }

  private Launch prepare(FlinkRuntime runtime) {
    return runtime
        .savepoint()
        .map(path -> new SavepointCheck(path, options.settings().onLakeAhead()))
        .map(savepoint -> Preparation.prepare(spec, secrets, savepoint))
        .orElseGet(() -> Preparation.prepare(spec, secrets));
  }

  private boolean here(FlinkRuntime runtime, String name, Launch launch) throws Exception {
    console.say(
        String.format(
            "%s: %d tables, generation %d",
            name, spec.tables().size(), launch.plan().generation()));
    try (RunProgress progress = RunProgress.watch(spec.mirror(), console)) {
      JobClient job = runtime.environment().executeAsync(name);
      try (Interrupt interrupt = Interrupt.cancels(job, console)) {
        if (!ended(job, interrupt)) {
          return false;
        }
      }
      progress.look();
    }
    return true;
  }

  /** Waits for the end of a job; false if it was told to stop before it had one. */
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

  private boolean there(FlinkRuntime runtime, String name) throws Exception {
    JobClient job = submit(runtime, name);
    console.say(name + ": submitted as job " + job.getJobID());
    if (!options.untilNow()) {
      return false;
    }
    await(job);
    return true;
  }

  private JobClient submit(FlinkRuntime runtime, String name) throws Exception {
    try {
      return runtime.environment().executeAsync(name);
    } catch (Exception e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.CLUSTER_UNREACHABLE,
          options.cluster().orElse("cluster"),
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
