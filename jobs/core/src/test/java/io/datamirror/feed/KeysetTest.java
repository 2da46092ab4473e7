package io.datamirror.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datamirror.feed.KeysetColumn.Kind;
import io.datamirror.feed.KeysetColumn.Nulls;
import io.datamirror.sql.Dialect;
import io.datamirror.sql.Identifier;
import io.datamirror.sql.SqlText;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KeysetTest {

  private static final Dialect H2 = new Dialect(Dialect.Family.H2, "\"");
  private static final Dialect POSTGRESQL = new Dialect(Dialect.Family.POSTGRESQL, "\"");

  private static KeysetColumn column(String name, Kind kind) {
    return new KeysetColumn(new Identifier(name), kind);
  }

  private static String from(Dialect dialect, Keyset keyset, String text) {
    SqlText.Builder sql = SqlText.in(dialect);
    keyset.from(sql, text);
    return sql.build().toString();
  }

  @Example
  void goes_on_at_the_last_value_of_one_column() {
    Keyset keyset = Keyset.of(column("a", Kind.LONG));

    assertThat(from(H2, keyset, "7")).isEqualTo("\"a\" >= ?");
  }

  @Example
  void compares_several_columns_one_after_the_other() {
    Keyset keyset =
        Keyset.of(column("a", Kind.LONG), column("b", Kind.OPAQUE), column("c", Kind.LONG));

    assertThat(from(H2, keyset, "7:'x:9"))
        .isEqualTo("\"a\" >= ? AND (\"a\" > ? OR \"b\" >= ? AND (\"b\" > ? OR \"c\" >= ?))");
  }

  @Example
  void puts_null_behind_every_value() {
    Keyset keyset =
        Keyset.of(
            column("a", Kind.LONG),
            new KeysetColumn(new Identifier("b"), Kind.LONG, Nulls.LAST),
            new KeysetColumn(new Identifier("c"), Kind.LONG, Nulls.LAST));
    SqlText.Builder sql = SqlText.in(H2);
    keyset.orderBy(sql);

    assertThat(sql.build()).hasToString(" ORDER BY \"a\", \"b\" NULLS LAST, \"c\" NULLS LAST");
    assertThat(from(H2, keyset, "7:8:9"))
        .isEqualTo(
            "\"a\" >= ? AND (\"a\" > ? OR \"b\" IS NULL OR \"b\" >= ? AND (\"b\" > ? OR \"c\" IS"
                + " NULL OR \"c\" >= ?))");
    assertThat(from(H2, keyset, "7::"))
        .isEqualTo("\"a\" >= ? AND (\"a\" > ? OR \"b\" IS NULL AND (\"c\" IS NULL))");
  }

  @Example
  void orders_text_by_characters_on_postgresql() {
    assertThat(from(POSTGRESQL, Keyset.of(column("a", Kind.TEXT)), "'x"))
        .isEqualTo("\"a\" COLLATE \"C\" >= ?");
  }

  @Example
  void does_not_understand_what_another_keyset_has_joined() {
    KeysetColumn id = column("id", Kind.LONG);
    Keyset number = Keyset.of(column("a", Kind.LONG), id);
    Keyset time = Keyset.of(column("a", Kind.TIMESTAMP), id);
    Keyset zoned = Keyset.of(column("a", Kind.TIMESTAMP_WITH_ZONE), id);
    Keyset text =
        Keyset.of(
            column("a", Kind.OPAQUE), new KeysetColumn(new Identifier("b"), Kind.LONG, Nulls.LAST));

    assertThat(List.of("", "7:8")).allMatch(number::understands);
    assertThat(List.of("7", "7:", ":8", "7:8:9", "7:'8", "7\\")).noneMatch(number::understands);
    assertThat(Keyset.of(id).understands("7:8")).isFalse();
    assertThat(time.understands("2024-01-01T00\\:00:8")).isTrue();
    assertThat(List.of("2024-01-01T00:00", "2024-01-01T00:00:05")).noneMatch(time::understands);
    assertThat(zoned.understands("2024-01-01T00\\:00Z:8")).isTrue();
    assertThat(List.of("2024-01-01T00:00Z", "2024-01-01T00:00:05Z")).noneMatch(zoned::understands);
    assertThat(List.of("'x:8", "':", "'x\\:y:8")).allMatch(text::understands);
    assertThat(List.of("x:8", ":8", "'x")).noneMatch(text::understands);
  }

  @Property
  void understands_what_it_has_joined(@ForAll String first, @ForAll long second) {
    Keyset keyset = Keyset.of(column("a", Kind.OPAQUE), column("b", Kind.LONG));
    String joined = keyset.join(List.of(KeysetColumn.marked(first), Long.toString(second)));

    assertThat(keyset.understands(joined)).isTrue();
  }

  @Property
  void splits_what_it_has_joined(@ForAll String first, @ForAll String second, @ForAll long third) {
    Keyset keyset =
        Keyset.of(column("a", Kind.OPAQUE), column("b", Kind.OPAQUE), column("c", Kind.LONG));
    List<String> values =
        List.of(KeysetColumn.marked(first), KeysetColumn.marked(second), Long.toString(third));

    assertThat(keyset.split(keyset.join(values))).isEqualTo(values);
  }

  @Property
  void a_number_of_a_time_stamp_gives_it_back(@ForAll long micros) {
    for (Kind kind : new Kind[] {Kind.TIMESTAMP, Kind.TICKS, Kind.TIMESTAMP_WITH_ZONE}) {
      KeysetColumn column = column("a", kind);
      BigInteger number = BigInteger.valueOf(micros);

      assertThat(column.number(column.text(number))).isEqualTo(number);
    }
  }

  @Property
  void compares_time_stamps_as_their_numbers(@ForAll long left, @ForAll long right) {
    for (Kind kind : new Kind[] {Kind.TIMESTAMP, Kind.TICKS, Kind.TIMESTAMP_WITH_ZONE}) {
      KeysetColumn column = column("a", kind);
      String a = column.text(BigInteger.valueOf(left));
      String b = column.text(BigInteger.valueOf(right));

      assertThat(Integer.signum(column.compare(a, b, H2))).isEqualTo(Long.compare(left, right));
    }
  }
}
