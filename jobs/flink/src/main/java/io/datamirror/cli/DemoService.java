package io.datamirror.cli;

import io.datamirror.cluster.Daemon;
import io.datamirror.demo.DemoServer;
import io.datamirror.demo.DemoSpec;
import io.datamirror.demo.DemoTable;
import io.datamirror.demo.DemoWarehouse;
import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The demo's warehouse as a process in the background, for mirrors in a cluster. */
final class DemoService {
  private static final long PATIENCE_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 200;

  private final Path directory;
  private final Console console;

  DemoService(Path directory, Console console) {
    this.directory = directory.toAbsolutePath().normalize();
    this.console = console;
  }

  private Path pidFile() {
    return directory.resolve("warehouse.pid");
  }

  /** Starts it, and writes what there is to be written about it. */
  void start() throws IOException, InterruptedException {
    int port = freePort();
    Path log = directory.resolve("warehouse.log");
    Daemon daemon = Daemon.start(pidFile(), command(port), log);
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!answers(port)) {
      if (!daemon.alive() || System.currentTimeMillis() > end) {
        daemon.stop();
        throw new MirrorException(
            ErrorCode.DATABASE_UNREACHABLE,
            directory.toString(),
            "the demo's warehouse does not come up",
            "Read " + log + ".");
      }
      Thread.sleep(LOOK_MILLIS);
    }
    write(DemoWarehouse.servedUrl(port));
  }

  private void write(String url) throws IOException {
    DemoSpec spec = new DemoSpec(directory);
    List<DemoTable> tables = List.of(DemoTable.values());
    String user = new DemoWarehouse(directory).user();
    Path whole = spec.write("airports.yaml", url, user, tables);
    Path part = spec.write("four-tables.yaml", url, user, tables.subList(0, tables.size() - 1));
    Path query = spec.writeQuery();
    console.say("Serving the warehouse until: mirror demo --stop " + directory);
    console.say("Beside the spec of all tables: " + part + " and " + query);
    console.data(whole.toString());
  }

  /** Ends it. The warehouse's files stay. */
  void stop() {
    Daemon daemon = Daemon.at(pidFile());
    console.say(daemon.alive() ? "Ended the warehouse" : "No warehouse is served in " + directory);
    daemon.stop();
  }

  private List<String> command(int port) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    String classPath =
        Installation.jar() + File.pathSeparator + Installation.dist().resolve("lib/*");
    command.addAll(List.of("-cp", classPath, DemoServer.class.getName()));
    command.addAll(List.of(directory.toString(), String.valueOf(port)));
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
