package io.datamirror.bench;

/**
 * A column of a workload's table.
 *
 * @param value how it is generated: an expression of PostgreSQL over {@code m}, the number that all
 *     of a row is a function of
 */
public record BenchColumn(String name, ColumnKind kind, String value) {}
