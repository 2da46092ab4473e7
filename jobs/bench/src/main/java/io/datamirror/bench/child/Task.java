package io.datamirror.bench.child;

import java.nio.file.Path;
import java.util.Properties;

/** What is measured: brings the changes of a source table into a lake, once. */
public interface Task {

  /** What the names of figures begin with that {@link #describe} puts into its result. */
  String FIGURE = "figure.";

  /**
   * Reads all changes of {@code source} and leaves the table in {@code lake}, an empty directory.
   */
  void run(String source, Path lake) throws Exception;

  /**
   * Tells what stands in the lake, if it is not Iceberg that can, and what else was measured.
   *
   * @param result takes it
   */
  default void describe(Path lake, Properties result) throws Exception {}
}
