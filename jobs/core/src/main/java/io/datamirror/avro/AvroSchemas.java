package io.datamirror.avro;

import io.datamirror.record.BadRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Readers by the id of their schema. A schema is asked for and compiled when its id is met first;
 * an id that has none is asked for again after a while.
 */
public final class AvroSchemas {

  private static final int MOST_KEPT = 1_000;
  private static final long DOUBT_NANOS = Duration.ofMinutes(1).toNanos();

  private final SchemaSource source;
  private final Map<Integer, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Known> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /** A reader, or why there is none. */
  private record Known(AvroReader reader, BadRecord problem, long askedNanos) {
    boolean doubtful() {
      return reader == null && System.nanoTime() - askedNanos > DOUBT_NANOS;
    }
  }

  /** Nothing is asked yet. */
  public AvroSchemas(SchemaSource source) {
    this.source = source;
  }

  synchronized AvroReader reader(int id) throws BadRecord {
    Known found = known.get(id);
    if (found == null || found.doubtful()) {
      found = ask(id);
      known.put(id, found);
    }
    if (found.problem() != null) {
      throw found.problem();
    }
    return found.reader();
  }

  private Known ask(int id) {
    try {
      SchemaCompiler compiler = new SchemaCompiler();
      AvroReader reader = null;
      for (String schema : source.schema(id)) {
        reader = compiler.compile(schema);
      }
      return new Known(reader, null, System.nanoTime());
    } catch (BadRecord e) {
      return new Known(null, e, System.nanoTime());
    }
  }
}
