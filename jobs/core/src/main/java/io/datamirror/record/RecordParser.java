package io.datamirror.record;

import java.util.Optional;

/** Understands the records of one format. Not thread-safe. */
public interface RecordParser {

  /**
   * What a record says; empty if it says nothing that was not said before.
   *
   * @param key null if it has none
   * @param value null if it has none, which asks for a delete
   * @throws BadRecord if it is not in the format
   */
  Optional<SourceRecord> parse(byte[] key, byte[] value) throws BadRecord;
}
