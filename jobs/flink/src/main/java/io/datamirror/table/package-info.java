/**
 * Tables of a source in Flink SQL: the changelog of one source table, resolved by the ordering law.
 */
package io.datamirror.table;
