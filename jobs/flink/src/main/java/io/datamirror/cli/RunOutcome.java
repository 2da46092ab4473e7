package io.datamirror.cli;

import java.util.List;
import java.util.Map;

/** What came of a run, as far as whoever asked for it waited. */
sealed interface RunOutcome permits RunReport, Submitted, HandedOver {

  /** The outcome for people. */
  List<String> lines();

  /** The outcome for programs; empty if there is nothing to say. */
  Map<String, Object> document();

  /** Why tables were stopped while the others went on, as far as whoever asked for it knows. */
  default List<String> stopped() {
    return List.of();
  }
}
