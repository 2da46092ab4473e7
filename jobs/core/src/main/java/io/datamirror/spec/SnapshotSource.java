package io.datamirror.spec;

import java.io.Serializable;

/**
 * Where base tables are read whose changes come from topics.
 *
 * @param database a source of type {@link SourceType#JDBC}
 * @param overlap how far back the topics are read from when a base table is read; without a limit,
 *     from the oldest record there is
 */
public record SnapshotSource(SourceSpec database, Lateness overlap) implements Serializable {}
