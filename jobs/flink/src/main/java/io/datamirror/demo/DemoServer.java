package io.datamirror.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.h2.tools.Server;

/**
 * A process that serves the embedded warehouse to all processes of this machine, and lets the four
 * years of its changes pass in a few minutes. When all have happened it goes on serving.
 */
public final class DemoServer {
  /** What there is to begin with, of each table. */
  private static final int FIRST = 2_000;

  /** How many changes of each table happen in one beat. */
  private static final int BATCH = 250;

  private static final long BEAT_MILLIS = 500;

  private final DemoWarehouse warehouse;
  private final Map<DemoTable, DemoFile> open = new EnumMap<>(DemoTable.class);

  private DemoServer(Path directory) {
    this.warehouse = new DemoWarehouse(directory);
  }

  /**
   * Serves until it is ended.
   *
   * @param arguments the directory of the warehouse, and the port
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    DemoServer server = new DemoServer(directory);
    // As long as this is open, the database stays so.
    try (Connection keeper =
        DriverManager.getConnection(server.warehouse.url(), server.warehouse.user(), "")) {
      server.begin();
      System.setProperty("h2.bindAddress", "127.0.0.1");
      Server.createTcpServer("-tcpPort", arguments[1], "-baseDir", directory.toString()).start();
      server.play();
      Thread.currentThread().join();
    }
  }

  private void begin() throws SQLException {
    for (DemoTable table : DemoTable.values()) {
      open.put(table, table.changes());
      warehouse.create(table);
      deliver(table, FIRST);
    }
  }

  private void play() throws SQLException, InterruptedException {
    while (!open.isEmpty()) {
      for (DemoTable table : List.copyOf(open.keySet())) {
        deliver(table, BATCH);
      }
      Thread.sleep(BEAT_MILLIS);
    }
  }

  private void deliver(DemoTable table, int most) throws SQLException {
    DemoFile changes = open.get(table);
    warehouse.deliver(table, changes.header(), next(changes, most));
    if (!changes.hasNext()) {
      changes.close();
      open.remove(table);
    }
  }

  private static Iterator<String[]> next(DemoFile changes, int most) {
    List<String[]> batch = new ArrayList<>();
    while (batch.size() < most && changes.hasNext()) {
      batch.add(changes.next());
    }
    return batch.iterator();
  }
}
