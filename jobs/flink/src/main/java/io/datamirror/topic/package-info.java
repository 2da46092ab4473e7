/** Kafka as a source of changes: topics, their offsets as positions, and how records are read. */
package io.datamirror.topic;
