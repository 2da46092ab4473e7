package io.datamirror.lake;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;

/**
 * Whether a storage takes the directories that a partition's values are written into. It would
 * refuse them in words of its own, for every attempt of the job.
 */
final class PartitionNames {

  /** Of one directory, in bytes. */
  private static final int LONGEST_NAME = 255;

  /** Of everything behind the bucket, in bytes, without room for the name of a file. */
  private static final int LONGEST_KEY = 1_024 - 124;

  private static final Set<String> WITH_DIRECTORIES = Set.of("", "file", "hdfs", "viewfs");

  private PartitionNames() {}

  /**
   * Looks at a partition before the first file of it is opened.
   *
   * @param name of the table, for whoever reads the error
   * @throws SuppressRestartsException for one that cannot be written
   */
  static void require(String name, Table table, StructLike partition) {
    if (table.spec().isPartitioned()) {
      require(name, table.location(), table.spec().partitionToPath(partition));
    }
  }

  /**
   * @param path as the partition is written, one directory for each of its values
   */
  static void require(String name, String location, String path) {
    int colon = location.indexOf(':');
    if (WITH_DIRECTORIES.contains(colon < 0 ? "" : location.substring(0, colon))) {
      for (String directory : path.split("/")) {
        if (directory.length() > LONGEST_NAME) {
          throw tooLong(name, directory.substring(0, directory.indexOf('=')), directory.length());
        }
      }
    } else if (keyLength(location) + path.length() > LONGEST_KEY) {
      throw tooLong(name, path.substring(0, path.indexOf('=')), path.length());
    }
  }

  private static int keyLength(String location) {
    int authority = location.indexOf("://") + "://".length();
    int key = location.indexOf('/', authority);
    return key < 0 ? 0 : location.length() - key;
  }

  /** The end of a job that met a value too long for a partition. */
  static SuppressRestartsException tooLong(String name, String partition, int length) {
    return new SuppressRestartsException(
        new MirrorException(
            ErrorCode.PARTITION_TOO_LONG,
            name,
            "a value of its partition "
                + partition
                + " is written in "
                + length
                + " bytes, more than the storage takes in a name",
            "Lay it out by truncate(n, column) or bucket(n, column), under another name: a table"
                + " keeps its partitions for life."));
  }
}
