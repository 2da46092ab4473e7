package io.datamirror.resolve.testing;

import io.datamirror.change.KeyId;
import io.datamirror.change.Operation;
import io.datamirror.resolve.KeyedChange;

/** A change as the resolver takes it. */
public record Assembled(
    Said said, KeyId key, Operation operation, byte[] rank, long timeMillis, Row row)
    implements KeyedChange<Row> {}
