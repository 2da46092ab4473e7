package io.datamirror.source;

import io.datamirror.source.SourceSettings.Recalled;
import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.OnHistoryLost;
import io.datamirror.spec.SourceSpec;

/** What the schedules of all tables of a mirror go by. */
record ScheduleRules(
    Until until,
    Recalled recalled,
    long pollMillis,
    long settleMillis,
    OnHistoryLost onHistoryLost) {

  static ScheduleRules of(SourceSettings settings, SourceSpec source) {
    return new ScheduleRules(
        settings.until(),
        settings.recalled(),
        source.pollInterval().toMillis(),
        source.settle().toMillis(),
        source.onHistoryLost());
  }

  boolean bounded() {
    return until == Until.NOW;
  }
}
