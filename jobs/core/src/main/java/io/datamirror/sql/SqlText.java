package io.datamirror.sql;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One statement: constant text, quoted identifiers and bound values.
 *
 * <p>The compiler refuses text that is not a constant, so a name or a value from outside cannot
 * become part of the statement's grammar.
 */
public final class SqlText {

  private final Dialect dialect;
  private final String text;
  private final List<SqlValue> values;

  private SqlText(Builder builder) {
    this.dialect = builder.dialect;
    this.text = builder.text.toString();
    this.values = List.copyOf(builder.values);
  }

  /** Begins a statement in the words of {@code dialect}. */
  public static Builder in(Dialect dialect) {
    return new Builder(dialect);
  }

  /** Runs the query with a fetch size of the driver's choice; for small results. */
  public Rows query(Connection connection) throws SQLException {
    return Rows.prepare(connection, this, 0).execute();
  }

  /** Runs the query for its first rows alone; the driver never holds more of them. */
  public Rows first(Connection connection, int rows) throws SQLException {
    return Rows.first(connection, this, rows);
  }

  List<SqlValue> values() {
    return values;
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The statement with {@code ?} for each bound value. */
  @Override
  public String toString() {
    return text;
  }

  /** Puts a statement together, piece by piece. */
  public static final class Builder {
    private final Dialect dialect;
    private final StringBuilder text = new StringBuilder();
    private final List<SqlValue> values = new ArrayList<>();

    private Builder(Dialect dialect) {
      this.dialect = dialect;
    }

    /** Adds constant text. */
    public Builder text(@CompileTimeConstant final String constant) {
      text.append(constant);
      return this;
    }

    /** Adds a quoted name. */
    public Builder name(Identifier name) {
      text.append(name.quoted(dialect.quote()));
      return this;
    }

    /** Adds a quoted, qualified name. */
    public Builder name(TableName name) {
      text.append(name.quoted(dialect.quote()));
      return this;
    }

    /** Adds quoted names with commas between them. */
    public Builder names(List<Identifier> names) {
      for (int i = 0; i < names.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        name(names.get(i));
      }
      return this;
    }

    /** Adds a place for a value. */
    public Builder value(SqlValue value) {
      text.append('?');
      values.add(value);
      return this;
    }

    /** Adds a whole number where the grammar takes no bound value. */
    public Builder literal(long number) {
      text.append(number);
      return this;
    }

    /** Adds a quoted, qualified name inside a string literal, where a function takes it so. */
    public Builder textOf(TableName name) {
      return string(name.quoted(dialect.quote()));
    }

    /** Adds a name as it is inside a string literal. */
    public Builder textOf(Identifier name) {
      return string(name.name());
    }

    private Builder string(String value) {
      text.append('\'').append(value.replace("\\", "\\\\").replace("'", "\\'")).append('\'');
      return this;
    }

    public Dialect dialect() {
      return dialect;
    }

    public SqlText build() {
      return new SqlText(this);
    }
  }
}
