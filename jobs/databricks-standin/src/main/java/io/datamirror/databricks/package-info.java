/**
 * A stand-in for a Databricks SQL warehouse: a process that answers the Databricks driver's
 * statements from real Delta tables, and the launcher that starts it from a test.
 *
 * <p>{@link io.datamirror.databricks.DatabricksStandin} and {@link io.datamirror.databricks.Fault}
 * are all that a test sees; everything else runs inside the process.
 */
package io.datamirror.databricks;
