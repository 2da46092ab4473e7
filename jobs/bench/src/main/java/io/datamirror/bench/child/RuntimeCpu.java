package io.datamirror.bench.child;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the threads of the virtual machine itself have used, in seconds; nothing where the system
 * does not tell. Of threads that live: none of them may end while this process is measured.
 *
 * @param compiling by the compilers
 * @param collecting by the collector of garbage
 */
record RuntimeCpu(double compiling, double collecting) {

  static RuntimeCpu now() throws IOException {
    double compiling = 0;
    double collecting = 0;
    if (ProcStat.told()) {
      try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
        for (Path directory : threads) {
          ProcStat thread = ProcStat.of(directory);
          if (thread.isNamed("C1 Compiler") || thread.isNamed("C2 Compiler")) {
            compiling += thread.seconds();
          } else if (thread.isNamed("GC Thread") || thread.isNamed("VM Thread")) {
            collecting += thread.seconds();
          }
        }
      }
    }
    return new RuntimeCpu(compiling, collecting);
  }

  RuntimeCpu since(RuntimeCpu before) {
    return new RuntimeCpu(compiling - before.compiling, collecting - before.collecting);
  }
}
