/**
 * Flink clusters: one of processes on this machine, and the REST address of any.
 *
 * <p>{@link io.datamirror.cluster.LocalCluster} starts and ends processes out of a {@link
 * io.datamirror.cluster.FlinkHome}; {@link io.datamirror.cluster.ClusterClient} talks to a cluster
 * wherever it is.
 */
package io.datamirror.cluster;
