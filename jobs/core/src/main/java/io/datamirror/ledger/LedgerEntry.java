package io.datamirror.ledger;

import java.io.Serializable;

/**
 * One change that was not applied, and why.
 *
 * @param table the table's name in the lake
 * @param reason why it was not applied
 * @param key the key as JSON, as far as it could be read
 * @param version the version as text, or null
 * @param order the order as text, or null
 * @param timeMillis the change's time, or null
 * @param row the row as a JSON object of source columns; binary values in base64
 * @param error one sentence that says what is wrong
 */
public record LedgerEntry(
    String table,
    LedgerReason reason,
    String key,
    String version,
    String order,
    Long timeMillis,
    String row,
    String error)
    implements Serializable {}
