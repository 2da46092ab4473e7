package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.ProblemsException;
import io.datamirror.testkit.warehouse.VersionedTable;
import io.datamirror.testkit.warehouse.VersionedTable.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the table of types in the reference of a warehouse. Whoever keeps it has the static
 * methods {@code types}, with the arguments of {@link #aValueArrivesWhole}, and {@code
 * withoutCounterpart}, with names of types.
 */
abstract class WarehouseTypesContract {

  static final long MICROS_2024 = 1_704_067_200_000_000L;

  private static final Path REFERENCE =
      Path.of(System.getProperty("user.dir")).resolve("../../docs/reference");

  abstract WarehouseTables warehouse() throws Exception;

  /** The name of the page in the reference. */
  abstract String page();

  String reference() throws IOException {
    return Files.readString(REFERENCE.resolve(page()));
  }

  @ParameterizedTest
  @MethodSource("types")
  void aValueArrivesWhole(
      String type, String engineType, Object value, String becomes, Object expected)
      throws Exception {
    Collected read = read(type, engineType, value, "");
    assertThat(read.rejected()).isEmpty();
    assertThat(read.values("V")).containsExactly(expected, null, expected, null);
    assertThat(reference()).contains("| `" + type + "` | " + becomes + " |");
  }

  @ParameterizedTest
  @MethodSource("withoutCounterpart")
  void whatHasNoCounterpartIsRefusedByName(String type) throws Exception {
    assertThat(refusal(type)).isEqualTo(ErrorCode.UNSUPPORTED_COLUMN_TYPE);
    assertThat(reference()).contains("`" + type.replaceAll("\\(.*", "") + "`");
  }

  /** The value and null, in the snapshot and then in the changes. */
  Collected read(String type, String engineType, Object value, String keys) throws Exception {
    try (WarehouseTables warehouse = warehouse()) {
      VersionedTable table = table(warehouse, type, engineType);
      Feed feed = warehouse.resolve(keys);
      Collected read = new Collected(feed.layout());
      Mirroring mirror = new Mirroring(feed, 0, 100);
      for (int id = 1; id < 4; id += 2) {
        int first = id;
        // A moment of its own: nothing settles here, and a window may end in this very millisecond.
        warehouse.later(100);
        table.commit(
            writer -> {
              writer.insert(first, value);
              writer.insert(first + 1, null);
            });
        warehouse.later(100);
        List<Chunk> chunks = mirror.plan(warehouse.connection()).orElseThrow();
        Reads.read(warehouse.connection(), feed, chunks, read);
      }
      return read;
    }
  }

  /** Why a table with a column of a type is not mirrored. */
  ErrorCode refusal(String type) throws Exception {
    try (WarehouseTables warehouse = warehouse()) {
      table(warehouse, type, "VARCHAR");
      return catchThrowableOfType(ProblemsException.class, () -> warehouse.resolve(""))
          .problems()
          .get(0)
          .code();
    }
  }

  private static VersionedTable table(WarehouseTables warehouse, String type, String engineType)
      throws Exception {
    Column id = warehouse.itemColumns().get(0);
    return warehouse
        .tables()
        .create("ITEMS", List.of(id, new Column("V", type, engineType, true)), List.of("ID"));
  }
}
