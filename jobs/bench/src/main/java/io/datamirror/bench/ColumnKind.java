package io.datamirror.bench;

/** The types of the benchmark's columns, in the words of everybody who takes part. */
public enum ColumnKind {
  LONG("bigint", "BIGINT", "%s::text"),
  INT("int", "INT", "%s::text"),
  DOUBLE("double precision", "DOUBLE", "encode(float8send(%s), 'hex')"),
  DECIMAL("numeric(12,2)", "DECIMAL(12,2)", "%s::text"),
  STRING("text", "STRING", "%s"),
  TIMESTAMP("timestamp", "TIMESTAMP(6)", "(extract(epoch from %s) * 1000000)::bigint::text"),
  BOOLEAN("boolean", "BOOLEAN", "%s::int::text"),
  DATE("date", "DATE", "(%s - date '1970-01-01')::text");

  private final String postgres;
  private final String flink;
  private final String text;

  ColumnKind(String postgres, String flink, String text) {
    this.postgres = postgres;
    this.flink = flink;
    this.text = text;
  }

  /** The type in PostgreSQL. */
  public String postgres() {
    return postgres;
  }

  /** The type in Flink SQL. */
  public String flink() {
    return flink;
  }

  /** The type in Spark SQL. */
  public String spark() {
    return this == TIMESTAMP ? "TIMESTAMP_NTZ" : flink;
  }

  /** PostgreSQL's expression for the text that {@link Digest} hashes. */
  String text(String column) {
    return text.formatted(column);
  }
}
