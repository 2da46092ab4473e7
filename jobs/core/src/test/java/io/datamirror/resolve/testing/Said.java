package io.datamirror.resolve.testing;

import io.datamirror.change.Operation;

/**
 * A change as the law's text speaks of it, before anything is encoded.
 *
 * @param serial tells changes apart; not part of what is stored
 * @param key the key, as a number
 * @param order null where the source gives none
 */
public record Said(
    int serial,
    int key,
    long version,
    Long order,
    Operation operation,
    long timeMillis,
    String region,
    String payload) {}
