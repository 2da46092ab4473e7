package io.datamirror.spec;

/** A table as it was read, and where each of its keys stands. */
record TableDraft(TableSpec table, Keys keys) {

  Where place(SpecKey<?> key) {
    return keys.place(key);
  }
}
