package io.datamirror.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import io.datamirror.change.KeyId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The tables that a mirror keeps for itself beside the mirrored ones.
 *
 * <p>There is one of each in a namespace, and both belong to one mirror: so a namespace belongs to
 * one mirror. Names of mirrored tables never begin with {@code mirror_}.
 */
public enum OwnTable {

  /** What is remembered of keys whose last change was a delete. */
  TOMBSTONES("mirror_tombstones", tombstones()),

  /** Changes that were not applied, and why. */
  LEDGER("mirror_ledger", ledger());

  /** The column of both tables that names the mirrored table; both are partitioned by it. */
  public static final String TABLE_COLUMN = "table_name";

  /** The column of the ledger that says why a change was not applied. */
  public static final String REASON_COLUMN = "reason";

  /** The column of the ledger with the key of a change, as JSON. */
  public static final String KEY_COLUMN = "key";

  /** The column of the ledger that says with which epoch an entry was committed. */
  public static final String EPOCH_COLUMN = "epoch";

  /** The column of the ledger that says with which commit an entry was committed. */
  public static final String COMMIT_COLUMN = "commit_id";

  /**
   * What the names of a file's commits begin with. All others are hexadecimal and sort before it.
   */
  public static final String FILE_COMMIT = "upload-";

  private final String tableName;
  private final int number;
  private final Schema schema;

  OwnTable(String tableName, Schema schema) {
    this.tableName = tableName;
    this.number = KeyId.tableNumber(tableName);
    this.schema = schema;
  }

  /** The name in the lake. */
  public String tableName() {
    return tableName;
  }

  /** The number that stands for the table where mirrored tables have theirs. */
  public int number() {
    return number;
  }

  /** The table of this kind that has a number, if one has. */
  public static Optional<OwnTable> ofNumber(int number) {
    return Arrays.stream(values()).filter(own -> own.number == number).findFirst();
  }

  /** Whether a table of this name is one of these, and no mirrored one. */
  public static boolean named(String tableName) {
    return Arrays.stream(values()).anyMatch(own -> own.tableName.equals(tableName));
  }

  public Schema schema() {
    return schema;
  }

  PartitionSpec partitionSpec() {
    return PartitionSpec.builderFor(schema).identity(TABLE_COLUMN).build();
  }

  private static Schema tombstones() {
    return new Schema(
        List.of(
            required(1, "table_name", Types.StringType.get()),
            required(2, "key_hash", Types.FixedType.ofLength(16)),
            required(3, "rank", Types.BinaryType.get()),
            optional(4, "time", Types.TimestampType.withZone())),
        Set.of(1, 2));
  }

  private static Schema ledger() {
    return new Schema(
        required(1, "mirror", Types.StringType.get()),
        required(2, "table_name", Types.StringType.get()),
        required(3, "reason", Types.StringType.get()),
        optional(4, "key", Types.StringType.get()),
        optional(5, "version", Types.StringType.get()),
        optional(6, "order", Types.StringType.get()),
        optional(7, "time", Types.TimestampType.withZone()),
        optional(8, "row", Types.StringType.get()),
        optional(9, "error", Types.StringType.get()),
        optional(10, "commit_id", Types.StringType.get()),
        optional(11, "epoch", Types.LongType.get()));
  }
}
