package io.datamirror.cli;

import java.util.List;
import java.util.Map;

/** Flink's own command line took the job, or somebody stopped it: there is nothing to say. */
record HandedOver() implements RunOutcome {

  @Override
  public List<String> lines() {
    return List.of();
  }

  @Override
  public Map<String, Object> document() {
    return Map.of();
  }
}
