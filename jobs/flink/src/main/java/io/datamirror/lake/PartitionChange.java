package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * A change of a table's partitions, made by somebody else.
 *
 * <p>A removal reaches the files of its own partition alone, and no file of another partition spec:
 * a row that was written again in another layout would stay for ever. Only removals of a table
 * without partitions reach every file, whatever its spec.
 */
public final class PartitionChange {

  private PartitionChange() {}

  /**
   * Looks at a table before files are committed to it, as it is by then. Reads the list of
   * manifests if the table ever had other partitions, and nothing otherwise.
   *
   * @param name what the table is called in an error
   * @param spec the partition spec of the files
   * @throws MirrorException if they do not go together
   */
  public static void refuse(Table table, String name, int spec) {
    if (!takes(table, name, spec)) {
      throw error(name);
    }
  }

  /** Whether files of a spec, and removals of the like later on, do what they are for. */
  static boolean takes(Table table, String name, int spec) {
    PartitionSpec files = table.specs().get(spec);
    if (files != null && files.isUnpartitioned()) {
      return true;
    }
    boolean removes = !name.equals(OwnTable.LEDGER.tableName());
    return table.spec().specId() == spec && (!removes || holdsOnly(table, spec));
  }

  private static boolean holdsOnly(Table table, int spec) {
    Snapshot current = table.currentSnapshot();
    return current == null
        || table.specs().size() == 1
        || current.dataManifests(table.io()).stream()
            .allMatch(manifest -> manifest.partitionSpecId() == spec || !live(manifest));
  }

  private static boolean live(ManifestFile manifest) {
    return manifest.hasAddedFiles() || manifest.hasExistingFiles();
  }

  /** The error of a job or a start that finds such a change. */
  static MirrorException error(String name) {
    String back =
        "A table keeps its partitions for life: take the change back, and let files that were"
            + " rewritten since be rewritten once more";
    return new MirrorException(
        ErrorCode.TABLE_DOES_NOT_FIT,
        name,
        "its partitions were changed while it was mirrored",
        OwnTable.named(name) ? back + "." : back + ", or choose another name for the table.");
  }
}
