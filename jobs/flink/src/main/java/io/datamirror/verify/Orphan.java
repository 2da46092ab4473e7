package io.datamirror.verify;

/**
 * A row that refers to a row that is not there.
 *
 * @param key its key as JSON
 * @param reference what it refers to, as JSON
 */
public record Orphan(String key, String reference) {}
