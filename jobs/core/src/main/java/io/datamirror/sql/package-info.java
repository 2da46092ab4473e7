/**
 * SQL text and its execution. A statement is constant text, quoted identifiers and bound values,
 * three things that do not mix; no other package creates or executes statements.
 */
package io.datamirror.sql;
