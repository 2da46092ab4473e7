package io.datamirror.cli;

import io.datamirror.about.ProductVersion;
import io.datamirror.spec.MirrorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * What a job tells of itself in its cluster, for all to see: nothing else of a spec is ever put
 * there.
 *
 * @param mirror the mirror's name
 * @param spec where its spec is
 * @param fingerprint of the spec's text, to see whether it has changed
 * @param version of this product
 * @param until what it reads up to, as {@code --until} has it; empty if it reads on and on
 * @param flink the settings of Flink that it was started with, but for secrets
 * @param secretSettings the names of the settings that are secrets
 */
record JobParameters(
    String mirror,
    String spec,
    String fingerprint,
    String version,
    String until,
    Map<String, String> flink,
    List<String> secretSettings) {
  private static final String MIRROR = "data-mirror.mirror";
  private static final String SPEC = "data-mirror.spec";
  private static final String FINGERPRINT = "data-mirror.spec-fingerprint";
  private static final String VERSION = "data-mirror.version";
  private static final String UNTIL = "data-mirror.until";
  private static final String SETTING = "data-mirror.setting.";
  private static final String SECRET_SETTINGS = "data-mirror.secret-settings";

  /** What a job is to tell of the mirror; the settings that it is started with come to it later. */
  static JobParameters of(MirrorSpec mirror, SpecFile spec, RunOptions options) {
    return new JobParameters(
        mirror.mirror(),
        spec.address(),
        spec.fingerprint(),
        ProductVersion.current(),
        options.until(),
        Map.of(),
        List.of());
  }

  /**
   * The same with the settings of Flink that the job is started with; of secrets, with their names
   * alone.
   */
  JobParameters startedWith(Map<String, String> settings) {
    Map<String, String> plain = new TreeMap<>(settings);
    plain.keySet().removeIf(GlobalConfiguration::isSensitive);
    List<String> secret = new ArrayList<>(new TreeSet<>(settings.keySet()));
    secret.removeAll(plain.keySet());
    return new JobParameters(mirror, spec, fingerprint, version, until, plain, secret);
  }

  /** What a job told; empty texts for what it did not. */
  static JobParameters of(Map<String, String> told) {
    return new JobParameters(
        told.getOrDefault(MIRROR, ""),
        told.getOrDefault(SPEC, ""),
        told.getOrDefault(FINGERPRINT, ""),
        told.getOrDefault(VERSION, ""),
        told.getOrDefault(UNTIL, ""),
        settings(told),
        Stream.of(told.getOrDefault(SECRET_SETTINGS, "").split(","))
            .filter(name -> !name.isEmpty())
            .toList());
  }

  private static Map<String, String> settings(Map<String, String> told) {
    Map<String, String> settings = new TreeMap<>();
    told.forEach(
        (name, value) -> {
          if (name.startsWith(SETTING)) {
            settings.put(name.substring(SETTING.length()), value);
          }
        });
    return settings;
  }

  Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put(MIRROR, mirror);
    map.put(SPEC, spec);
    map.put(FINGERPRINT, fingerprint);
    map.put(VERSION, version);
    if (!until.isEmpty()) {
      map.put(UNTIL, until);
    }
    flink.forEach((name, value) -> map.put(SETTING + name, value));
    if (!secretSettings.isEmpty()) {
      map.put(SECRET_SETTINGS, String.join(",", secretSettings));
    }
    return map;
  }

  ExecutionConfig.GlobalJobParameters toFlink() {
    return org.apache.flink.util.ParameterTool.fromMap(toMap());
  }
}
