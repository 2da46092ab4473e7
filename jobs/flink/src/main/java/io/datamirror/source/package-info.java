/**
 * Reads the changes of all tables of a mirror: a FLIP-27 source over feeds. Plans windows with
 * frozen bounds, hands their chunks to readers, and keeps the mirror's watermark. Knows nothing of
 * SQL, and of the lake only through {@link io.datamirror.source.RecallPlanner} and {@link
 * io.datamirror.source.Recaller}.
 */
package io.datamirror.source;
