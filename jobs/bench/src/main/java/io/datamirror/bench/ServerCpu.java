package io.datamirror.bench;

import io.datamirror.bench.child.ProcStat;
import java.nio.file.Path;

/** The CPU that a server and its processes have used, those that ended included; Linux only. */
final class ServerCpu {

  private final long server;

  ServerCpu(long server) {
    this.server = server;
  }

  /** Seconds so far; NaN where the system does not tell. */
  double seconds() {
    if (!ProcStat.told()) {
      return Double.NaN;
    }
    double seconds = of(server).secondsWithEnded();
    for (ProcessHandle child :
        ProcessHandle.of(server).stream().flatMap(ProcessHandle::children).toList()) {
      // One that has ended meanwhile is counted by its parent from now on.
      seconds += of(child.pid()).seconds();
    }
    return seconds;
  }

  private static ProcStat of(long process) {
    return ProcStat.of(Path.of("/proc", String.valueOf(process)));
  }
}
