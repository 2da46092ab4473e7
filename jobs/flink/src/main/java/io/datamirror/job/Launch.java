package io.datamirror.job;

import io.datamirror.plan.MirrorPlan;
import java.io.Serializable;

/**
 * A mirror that may start: its tables stand in the lake, and it has taken its generation.
 *
 * @param plan what runs
 * @param lastEpoch the greatest epoch that was committed before this start
 */
public record Launch(MirrorPlan plan, long lastEpoch) implements Serializable {}
