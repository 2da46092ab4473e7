package io.datamirror.cli;

import io.datamirror.error.ErrorCode;
import io.datamirror.error.MirrorException;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SpecHead;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.SpecText;
import io.datamirror.spec.TableSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileSystem;
import picocli.CommandLine.Option;

/** The option that names the spec: a path, or an address that Flink has a file system for. */
final class SpecFile {
  private static final int FINGERPRINT_BYTES = 16;

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

  /** Another spec, with the same replacements. */
  SpecFile at(String other) {
    SpecFile file = new SpecFile();
    file.location = other;
    file.overrides = overrides;
    return file;
  }

  /** The same spec with other replacements. */
  SpecFile with(Map<String, String> replacements) {
    SpecFile file = new SpecFile();
    file.location = location;
    file.overrides = replacements;
    return file;
  }

  /**
   * What the same spec may have been read with before: the replacements of now, these as well, or
   * these alone.
   */
  List<SpecFile> before(Map<String, String> replacements) {
    Map<String, String> all = new LinkedHashMap<>(overrides);
    all.putAll(replacements);
    return List.of(this, with(all), with(replacements));
  }

  /** The same spec with tables from elsewhere; replacements of what tables say count for them. */
  SpecFile withTables(List<TableSpec> tables) {
    Map<String, String> replacements = new LinkedHashMap<>();
    replacements.put("tables", SpecText.tables(tables));
    replacements.putAll(overrides);
    return with(replacements);
  }

  /** The options that name this spec to another command line. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("--spec", location));
    overrides.forEach((path, value) -> arguments.addAll(List.of("--set", path + "=" + value)));
    return arguments;
  }

  /** The location as the user wrote it. */
  String location() {
    return location;
  }

  /** The address of the spec, the same wherever it is read; without what may be a secret. */
  String address() {
    return isAddress()
        ? location.replaceFirst("//[^/@]*@", "//")
        : Path.of(location).toAbsolutePath().normalize().toUri().toString();
  }

  /** Tells one text of a spec, with its replacements, from another. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content().getBytes(StandardCharsets.UTF_8));
      new TreeMap<>(overrides)
          .forEach(
              (path, value) ->
                  digest.update(("\n" + path + "=" + value).getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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
      URI address = isAddress() ? URI.create(location) : Path.of(location).toUri();
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
