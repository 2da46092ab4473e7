package io.datamirror.verify;

import io.datamirror.change.KeyId;

/**
 * What is compared of one change or one row.
 *
 * @param rank decides which of several entries of a key counts
 * @param present false for a delete
 * @param content the hash of the stored row
 * @param keyText the key for people, as JSON
 * @param timeliness whether something of its key may have come too late to count, see {@link
 *     TooLate}
 */
record Entry(
    KeyId key, byte[] rank, boolean present, long content, String keyText, Timeliness timeliness) {}
