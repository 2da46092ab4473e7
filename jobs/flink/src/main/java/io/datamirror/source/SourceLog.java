package io.datamirror.source;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where what is tried again is told. */
final class SourceLog {

  private static final Logger LOG = LoggerFactory.getLogger(MirrorSource.class);

  private SourceLog() {}

  static void warn(String sentence) {
    LOG.warn("{}", sentence);
  }
}
