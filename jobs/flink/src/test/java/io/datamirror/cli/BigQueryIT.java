package io.datamirror.cli;

import io.datamirror.testkit.warehouse.BigQueryDriver;
import io.datamirror.testkit.warehouse.VersionedTables;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five real tables in a stand-in for BigQuery, which keeps its documented rules. */
class BigQueryIT {

  private static final Airports.Types TYPES = new Airports.Types("INT64", "FLOAT64", "STRING");

  @TempDir private Path directory;

  @Test
  void fiveRealTablesAreMirroredAndVerified() throws Exception {
    VersionedTables tables = new VersionedTables(() -> System.currentTimeMillis() * 1_000);
    try (BigQueryDriver.Service service = BigQueryDriver.start("airports", tables)) {
      String source =
          """
          type: bigquery
          url: %s
          settle: 1s
          """
              .formatted(service.url());
      Airports airports = new Airports(tables, TYPES, directory, source, "p.d.");
      airports.happen(20);
      airports.mirror(2);
      airports.assertEqual();
      airports.happen(Integer.MAX_VALUE);
      airports.mirror(1);
      airports.assertEqual();
    }
  }
}
