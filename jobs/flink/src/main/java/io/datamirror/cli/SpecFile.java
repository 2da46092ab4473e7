package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecHead;
import io.datamirror.spec.SpecReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem;
import picocli.CommandLine.Option;

/** The option that names the spec: a path, or an address that Flink has a file system for. */
final class SpecFile {
  @Option(
      names = "--spec",
      paramLabel = "FILE",
      required = true,
      description = "The spec: a path, or an address such as s3://bucket/airports.yaml.")
  private String location;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description =
          "Replaces a value of the spec for this run, for example --set source.poll-interval=5s"
              + " or --set tables.regions.on-bad-row=stop. May be given several times.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** The location as the user wrote it. */
  String location() {
    return location;
  }

  /**
   * Reads and checks the spec.
   *
   * @throws io.datamirror.error.ProblemsException with everything that is wrong
   */
  MirrorSpec read() {
    return isAddress()
        ? SpecReader.read(location, content(), overrides)
        : SpecReader.read(Path.of(location), overrides);
  }

  /**
   * Reads what comes before the tables, which need not be there yet.
   *
   * @throws io.datamirror.error.ProblemsException with everything that is wrong
   */
  SpecHead readHead() {
    String text = isAddress() ? content() : SpecReader.content(Path.of(location));
    return SpecReader.readHead(location, text, headOverrides());
  }

  /** Values of tables are no concern of the head. */
  private Map<String, String> headOverrides() {
    Map<String, String> kept = new LinkedHashMap<>(overrides);
    kept.keySet().removeIf(path -> path.startsWith("tables.") || path.startsWith("defaults."));
    return kept;
  }

  private boolean isAddress() {
    return location.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  }

  private String content() {
    try {
      URI address = URI.create(location);
      org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(address);
      try (InputStream input = FileSystem.get(address).open(path)) {
        return new String(input.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw MirrorException.causedBy(
          e,
          ErrorCode.SPEC_UNREADABLE,
          location,
          "the spec cannot be read from this address",
          "Name a file that exists, and put the file system's jar into lib/ if it needs one.");
    }
  }
}
