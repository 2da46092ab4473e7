package io.datamirror.spec;

/** The documents of the spec that are made from the declarations of its keys. */
public final class SpecDocuments {
  private SpecDocuments() {}

  /** The options of a table that SQL reads, as Markdown. */
  public static String sqlOptions() {
    return SqlReference.options();
  }

  /** The JSON Schema (draft 7) of the spec. */
  public static String jsonSchema() {
    return SpecSchema.json();
  }

  /** The reference of the spec, as Markdown. */
  public static String reference() {
    return SpecReference.markdown();
  }
}
