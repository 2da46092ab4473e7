package io.datamirror.job;

import io.datamirror.source.SourceSettings.Until;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import java.nio.file.Path;

/** Mirrors of the tests: the tables of {@link Load} into a lake in a directory. */
final class TestMirror {

  private TestMirror() {}

  static String text(String url, Path directory) {
    return """
        mirror: test
        source:
          type: jdbc
          url: "%s"
          poll-interval: 100ms
          settle: 0s
        """
            .formatted(url)
        + Lake.spec(directory)
        + Load.spec();
  }

  static MirrorSpec spec(String url, Path directory) {
    return SpecReader.read(text(url, directory));
  }

  /** A start of the mirror: it has taken the next generation. */
  static Launch launch(String url, Path directory) {
    return Preparation.prepare(spec(url, directory), SecretSource.ofProcess());
  }

  /** A job that starts now: it has taken the next generation. */
  static MirrorJob job(String url, Path directory, Until until) {
    return new MirrorJob(launch(url, directory), JobSettings.of(until));
  }
}
