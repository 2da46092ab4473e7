package io.datamirror.job;

import io.datamirror.lake.Generations;
import io.datamirror.plan.MirrorPlan;
import java.io.Serializable;

/**
 * A mirror that may start: its tables stand in the lake, and it has taken its generation.
 *
 * @param plan what runs
 * @param start what it found in the lake
 */
public record Launch(MirrorPlan plan, Generations.Start start) implements Serializable {}
