package io.datamirror.avro;

import io.datamirror.record.BadRecord;

/**
 * Reads the values of one type, as the schema of their writer has it. Made once for each schema.
 *
 * <p>A value is null, a {@link Boolean}, a {@link Number}, a {@link String}, {@code byte[]}, a
 * value of {@link java.time}, or a {@link java.util.List} or {@link java.util.Map} of such.
 */
interface AvroReader {

  Object read(AvroInput in) throws BadRecord;

  /** Passes over a value. */
  default void skip(AvroInput in) throws BadRecord {
    read(in);
  }
}
