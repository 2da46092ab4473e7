package io.datamirror.avro;

import io.datamirror.record.BadRecord;
import java.util.List;

/** Where writers keep the schemas of their records. */
public interface SchemaSource {

  /**
   * The schema of an id, as JSON, after those that it refers to.
   *
   * @throws BadRecord if there is none of this id, or none of Avro
   * @throws io.datamirror.error.MirrorException if nobody can say
   */
  List<String> schema(int id) throws BadRecord;
}
