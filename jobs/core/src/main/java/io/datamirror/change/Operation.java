package io.datamirror.change;

/** What a change asks for. */
public enum Operation {
  UPSERT,
  DELETE
}
