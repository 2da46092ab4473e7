/**
 * Compares a mirrored table with its source: both sides are spread over buckets on disk, so that no
 * table is ever held in memory, and then compared bucket by bucket.
 */
package io.datamirror.verify;
