package io.datamirror.spec;

/**
 * A spec without its tables: what has to be said of a mirror before its model is known.
 *
 * @param yaml mirror, source, lake and publish as they stand in the file, values in clear text that
 *     may not be shown replaced by references
 */
public record SpecHead(String mirror, SourceSpec source, LakeSpec lake, String yaml) {

  /** How a reference begins that stands for a value that may not be shown. */
  public static final String REPLACEMENT = "${env:MIRROR_";
}
