package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;

/** A change as the resolver takes it. */
public record Assembled(
    Said said, KeyId key, Operation operation, byte[] rank, long timeMillis, Row row) {}
