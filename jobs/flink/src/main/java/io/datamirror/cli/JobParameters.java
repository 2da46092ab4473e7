package io.datamirror.cli;

import io.datamirror.about.ProductVersion;
import io.datamirror.spec.MirrorSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;

/**
 * What a job tells of itself in its cluster, for all to see: nothing else of a spec is ever put
 * there.
 *
 * @param mirror the mirror's name
 * @param spec where its spec is
 * @param fingerprint of the spec's text, to see whether it has changed
 * @param version of this product
 */
record JobParameters(String mirror, String spec, String fingerprint, String version) {
  private static final String MIRROR = "data-mirror.mirror";
  private static final String SPEC = "data-mirror.spec";
  private static final String FINGERPRINT = "data-mirror.spec-fingerprint";
  private static final String VERSION = "data-mirror.version";

  static JobParameters of(MirrorSpec mirror, SpecFile spec) {
    return new JobParameters(
        mirror.mirror(), spec.address(), spec.fingerprint(), ProductVersion.current());
  }

  /** What a job told; empty texts for what it did not. */
  static JobParameters of(Map<String, String> told) {
    return new JobParameters(
        told.getOrDefault(MIRROR, ""),
        told.getOrDefault(SPEC, ""),
        told.getOrDefault(FINGERPRINT, ""),
        told.getOrDefault(VERSION, ""));
  }

  Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put(MIRROR, mirror);
    map.put(SPEC, spec);
    map.put(FINGERPRINT, fingerprint);
    map.put(VERSION, version);
    return map;
  }

  ExecutionConfig.GlobalJobParameters toFlink() {
    return org.apache.flink.util.ParameterTool.fromMap(toMap());
  }
}
