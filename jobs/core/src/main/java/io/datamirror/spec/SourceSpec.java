package io.datamirror.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where changes come from.
 *
 * @param url where the source is: a JDBC URL, the bootstrap servers of Kafka, or the directory of
 *     files
 * @param user null if the driver needs none, or takes it from the properties
 * @param password null if the driver needs none, or takes it from the properties
 * @param properties passed to the driver or the client, in the spec's order
 * @param pollInterval how long to wait before looking for new changes
 * @param settle how far a window's end stays behind the server's clock
 * @param connections how many connections may be open at once
 * @param fetchSize how many rows the driver fetches at once
 * @param answerTimeout how long the source may be silent before its connection is given up
 * @param retentionWarningPercent when less than this share of a native feed's retention is left, it
 *     is time to warn
 * @param registry the registry of records' schemas; null if there is none
 * @param snapshot where base tables are read, for topics; null if there are none
 */
public record SourceSpec(
    SourceType type,
    SecretText url,
    SecretText user,
    SecretText password,
    Map<String, SecretText> properties,
    Duration pollInterval,
    Duration settle,
    OnHistoryLost onHistoryLost,
    int connections,
    int fetchSize,
    Duration answerTimeout,
    int retentionWarningPercent,
    RegistrySpec registry,
    SnapshotSource snapshot)
    implements Serializable {

  public SourceSpec {
    properties = new LinkedHashMap<>(properties);
  }

  /** A source without a registry and without a database of base tables. */
  public SourceSpec(
      SourceType type,
      SecretText url,
      SecretText user,
      SecretText password,
      Map<String, SecretText> properties,
      Duration pollInterval,
      Duration settle,
      OnHistoryLost onHistoryLost,
      int connections,
      int fetchSize,
      Duration answerTimeout,
      int retentionWarningPercent) {
    this(
        type,
        url,
        user,
        password,
        properties,
        pollInterval,
        settle,
        onHistoryLost,
        connections,
        fetchSize,
        answerTimeout,
        retentionWarningPercent,
        null,
        null);
  }

  /** The same source at another place. */
  public SourceSpec withUrl(SecretText place) {
    return copy(place, snapshot);
  }

  /** The same source with its base tables elsewhere. */
  public SourceSpec withSnapshot(SnapshotSource place) {
    return copy(url, place);
  }

  private SourceSpec copy(SecretText changedUrl, SnapshotSource changedSnapshot) {
    return new SourceSpec(
        type,
        changedUrl,
        user,
        password,
        properties,
        pollInterval,
        settle,
        onHistoryLost,
        connections,
        fetchSize,
        answerTimeout,
        retentionWarningPercent,
        registry,
        changedSnapshot);
  }

  @Override
  public Map<String, SecretText> properties() {
    return Collections.unmodifiableMap(properties);
  }
}
