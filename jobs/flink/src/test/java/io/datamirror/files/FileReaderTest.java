package io.datamirror.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datamirror.change.ChangeLayout;
import io.datamirror.change.Column;
import io.datamirror.change.ColumnType;
import io.datamirror.error.MirrorException;
import io.datamirror.feed.Chunk;
import io.datamirror.feed.ChunkReader;
import io.datamirror.feed.Feed;
import io.datamirror.feed.Feed.Observed;
import io.datamirror.feed.Position;
import io.datamirror.feed.Resume;
import io.datamirror.feed.Window;
import io.datamirror.spec.ColumnsSpec;
import io.datamirror.spec.MirrorSpec;
import io.datamirror.spec.SecretSource;
import io.datamirror.spec.SpecReader;
import io.datamirror.spec.TableSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.shaded.org.apache.parquet.example.data.Group;
import org.apache.iceberg.shaded.org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetWriter;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.iceberg.shaded.org.apache.parquet.io.LocalOutputFile;
import org.apache.iceberg.shaded.org.apache.parquet.io.api.Binary;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageTypeParser;
import org.apache.iceberg.types.Types.LongType;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are new, what their rows become, and what is said of those that are broken. */
class FileReaderTest {

  private static final String SPEC =
      """
      mirror: shop
      source: { type: files, path: "%s", settle: 5s }
      lake: { catalog: { type: hadoop, warehouse: ./lake }, namespace: shop }
      tables:
        - name: items
          source: "%s"
          format: %s
          primary-key: [id]
          schema: { %s }
      """;

  private static final String COLUMNS = "id: long, name: string, price: \"decimal(5, 2)\"";

  @TempDir private Path directory;
  private final Rows rows = new Rows();
  private Connection connection;
  private Feed feed;

  @BeforeEach
  void isCsv() throws SQLException {
    reads(".", "csv");
  }

  private void reads(String source, String format) throws SQLException {
    reads(source, format, COLUMNS);
  }

  private void reads(String source, String format, String columns) throws SQLException {
    MirrorSpec spec = SpecReader.read(SPEC.formatted(directory, source, format, columns));
    connection = Uploads.connect(spec.source(), SecretSource.ofProcess());
    feed = Uploads.resolve(connection, spec.tables().get(0), List.of());
  }

  private MirrorSpec spec(String source, String format) {
    return SpecReader.read(SPEC.formatted(directory, source, format, COLUMNS));
  }

  private Path upload(String name, String content) throws IOException {
    return upload(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private Path upload(String name, byte[] content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
  }

  private static byte[] packed(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what is new after a position, in batches of two rows, and says up to where it is read.
   */
  private Position read(Position last) throws SQLException {
    Observed seen = new Observed(feed.head(connection, last), feed.clockMillis(connection));
    Optional<Window> window = feed.nextWindow(connection, last, seen, 5_000);
    if (window.isEmpty()) {
      return last;
    }
    for (Chunk chunk : feed.chunks(connection, window.get(), 1_000)) {
      Resume resume = Resume.START;
      int read = 2;
      while (read == 2) {
        // A reader of its own for each batch: it goes on where the one before was.
        try (ChunkReader reader = feed.open(connection, chunk, resume, 100)) {
          read = reader.read(rows, 2);
          resume = reader.resume();
        }
      }
    }
    return window.get().to();
  }

  @Test
  void valuesAreReadAsTheyAreQuoted() throws Exception {
    upload(
        "a.csv",
        "\uFEFFid,name,price,_change_request_type\r\n1,\"a, \"\"b\"\"\nc\",1.50,\r\n2,\"\",,u\n\n"
            + "3,,,D\n");
    read(Position.BEGINNING);

    assertThat(rows.rejected()).isEmpty();
    assertThat(rows.changes())
        .containsExactly(
            "UPSERT 1|a, \"b\"\nc|1.50|1000000|2",
            "UPSERT 2||null|1000000|4",
            "DELETE 3|null|null|1000000|6");
  }

  @Test
  void aLineEndBetweenQuotesIsKeptAsItIs() throws Exception {
    upload("a.csv", "id,name,price\r\n1,\"a\r\nb\nc\",1.50\r\n");
    read(Position.BEGINNING);

    assertThat(rows.changes()).containsExactly("UPSERT 1|a\r\nb\nc|1.50|1000000|2");
  }

  @Test
  void anUploadOfDeletesNeedsNothingButTheKey() throws Exception {
    upload("a.csv", "_change_request_type,id\nd,1\nd,2\n");
    read(Position.BEGINNING);

    assertThat(rows.changes())
        .containsExactly("DELETE 1|null|null|1000000|2", "DELETE 2|null|null|1000000|3");
  }

  @Test
  void aBrokenRowNamesItselfItsLineAndItsReason() throws Exception {
    upload("in/a.csv", "id,name,price\n1,a\n2,\"b,1\n3,c\"x,1\n4,d,cheap\n5,e,1\n");
    read(Position.BEGINNING);

    assertThat(rows.changes()).containsExactly("UPSERT 5|e|1.00|1000000|6");
    assertThat(rows.rejected())
        .containsExactly(
            "unreadable in/a.csv:2: the number of its values is 2, and of columns 3"
                + " {\"file\":\"in/a.csv\",\"line\":2,\"row\":\"1,a\"}",
            "unreadable in/a.csv:3: something stands between a closing quote and the comma"
                + " {\"file\":\"in/a.csv\",\"line\":3,\"row\":\"2,\\\"b,1\\n3,c\\\"x,1\"}",
            "bad-value in/a.csv:5: price: it is not a number"
                + " {\"id\":\"4\",\"name\":\"d\",\"price\":\"cheap\","
                + "\"_file_time\":\"1970-01-01T00:00:01Z\",\"_line\":5}");
  }

  @Test
  void aQuoteInsideAValueWithoutQuotesSwallowsNoOtherRow() throws Exception {
    upload("a.csv", "id,name,price\n1,5\" pipe,1\n2,b,2\n3,\"c\"d\",3\n4,e,4\n");
    read(Position.BEGINNING);

    assertThat(rows.changes())
        .containsExactly("UPSERT 2|b|2.00|1000000|3", "UPSERT 4|e|4.00|1000000|5");
    assertThat(rows.rejected()).hasSize(2);
    assertThat(rows.rejected().get(0))
        .startsWith("unreadable a.csv:2: a quote stands inside a value that has none around it");
    assertThat(rows.rejected().get(1))
        .startsWith("unreadable a.csv:4: something stands between a closing quote and the comma");
  }

  /** Rows that do not pack well, so that a file that is cut short holds most of them. */
  private static String numberedRows(int rows) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int id = 3; id < rows; id++) {
      text.append(id).append(',').append(Long.toHexString(random.nextLong())).append(",3\n");
    }
    return text.toString();
  }

  @Test
  void aBrokenFileNamesItselfAndWhatIsBeforeTheBreakIsRead() throws Exception {
    byte[] whole = packed("id,name,price\n1,a,1\n2,b,2\n" + numberedRows(300));
    upload("a.csv.gz", Arrays.copyOf(whole, whole.length - 20));
    upload("b.csv.gz", "id,name,price\n1,a,1\n");
    upload("c.csv", "id,name,price\n1,\"a,1\n");
    upload("d.csv", "name,price\na,1\n");
    upload("e.csv", "id,id\n1,1\n");
    upload("f.csv", new byte[] {'i', 'd', '\n', '1', (byte) 0xFF, '\n'});
    upload("g.csv", "");
    read(Position.BEGINNING);

    assertThat(rows.changes()).startsWith("UPSERT 1|a|1.00|1000000|2", "UPSERT 2|b|2.00|1000000|3");
    assertThat(rows.rejected().get(0)).contains("a.csv.gz:").contains("it breaks off");
    assertThat(rows.rejected().subList(1, rows.rejected().size()))
        .containsExactly(
            "unreadable b.csv.gz:0: it is not gzip, or damaged"
                + " {\"file\":\"b.csv.gz\",\"line\":0}",
            "unreadable c.csv:2: a quote that opens here is never closed"
                + " {\"file\":\"c.csv\",\"line\":2}",
            "unreadable d.csv:1: the key column id is not in its first line"
                + " {\"file\":\"d.csv\",\"line\":1}",
            "unreadable e.csv:1: a column stands twice in its first line"
                + " {\"file\":\"e.csv\",\"line\":1}",
            "unreadable f.csv:2: its bytes are not UTF-8"
                + " {\"file\":\"f.csv\",\"line\":2,\"row\":\"base64:Mf8=\"}");
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  @Test
  void what_stands_behind_a_member_of_gzip_and_is_none_is_told_after_what_stood_before()
      throws Exception {
    byte[] first = packed("id,name,price\n1,a,1\n");
    byte[] second = packed("2,b,2\n");
    byte[] damaged = second.clone();
    damaged[1] ^= 1;
    upload("a.csv.gz", joined(first, damaged));
    upload("b.csv.gz", joined(first, Arrays.copyOf(second, 5)));
    upload("c.csv.gz", joined(first, new byte[512]));
    upload("d.csv.gz", joined(first, second));
    read(Position.BEGINNING);

    String before = "UPSERT 1|a|1.00|1000000|2";
    assertThat(rows.changes())
        .containsExactly(before, before, before, before, "UPSERT 2|b|2.00|1000000|3");
    String none = ": what stands behind its gzip is none, or breaks off";
    assertThat(rows.rejected())
        .containsExactly(
            "unreadable a.csv.gz:2" + none + " {\"file\":\"a.csv.gz\",\"line\":2}",
            "unreadable b.csv.gz:2" + none + " {\"file\":\"b.csv.gz\",\"line\":2}",
            "unreadable c.csv.gz:2" + none + " {\"file\":\"c.csv.gz\",\"line\":2}");
  }

  /** Gives a byte at a time, does not say whether there are more, and may fail at one. */
  private static final class Dripping extends InputStream {
    private final InputStream bytes;
    private int left;

    Dripping(byte[] bytes, int before) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.left = before;
    }

    @Override
    public int read() throws IOException {
      if (left-- == 0) {
        throw new SocketException("the network is away");
      }
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = read();
      target[offset] = (byte) read;
      return read < 0 ? -1 : 1;
    }
  }

  @Test
  void members_of_gzip_are_read_to_the_last_whatever_their_stream_says_of_more() throws Exception {
    byte[] members = joined(packed("1\n"), packed("2\n"), packed(""), packed("3"));
    Lines lines = Lines.of(new Dripping(members, Integer.MAX_VALUE), "a.csv.gz");

    assertThat(lines.next()).asString().isEqualTo("1");
    assertThat(lines.next()).asString().isEqualTo("2");
    assertThat(lines.next()).asString().isEqualTo("3");
    assertThat(lines.next()).isNull();
  }

  @Test
  void a_failure_just_before_the_next_member_of_gzip_is_not_the_end_of_the_file() throws Exception {
    byte[] first = packed("1\n");
    Lines lines = Lines.of(new Dripping(joined(first, packed("2\n")), first.length), "a.csv.gz");

    assertThat(lines.next()).asString().isEqualTo("1");
    assertThatThrownBy(lines::next).isInstanceOf(SocketException.class);
  }

  @Test
  void aFileThatIsNoParquetIsBroken() throws Exception {
    reads(".", "parquet");
    upload("a.parquet", "PAR1 and so on, and on, and on");
    read(Position.BEGINNING);

    assertThat(rows.rejected()).hasSize(1);
    assertThat(rows.rejected().get(0))
        .startsWith("unreadable a.parquet:1: it is not Parquet, or damaged");
  }

  @Test
  void damage_inside_of_parquet_breaks_its_file_and_no_other() throws Exception {
    reads(".", "parquet");
    for (String name : List.of("a.parquet", "b.parquet", "c.parquet")) {
      writeParquet(directory.resolve(name), "id");
    }
    byte[] whole = Files.readAllBytes(directory.resolve("a.parquet"));
    int footer = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8);
    upload("a.parquet", damagedAt(whole, whole.length - 8 - footer));
    upload("b.parquet", damagedAt(whole, 4));
    read(Position.BEGINNING);

    assertThat(rows.changes()).containsExactly("UPSERT 1|null|null|1000000|1");
    assertThat(rows.rejected()).hasSize(2);
    assertThat(rows.rejected().get(0))
        .startsWith("unreadable a.parquet:1: it is not Parquet, or damaged");
    assertThat(rows.rejected().get(1))
        .startsWith("unreadable b.parquet:1: it is not Parquet, or damaged");
  }

  private static byte[] damagedAt(byte[] whole, int position) {
    byte[] damaged = whole.clone();
    damaged[position] = (byte) 0xFF;
    return damaged;
  }

  /** A file system that opens a file and then does not answer. */
  private static class Silent extends FSDataInputStream {
    @Override
    public void seek(long position) {}

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public int read() throws IOException {
      throw new EOFException("the connection was closed");
    }
  }

  /** One that fails with what is not checked. */
  private static final class Closed extends Silent {
    @Override
    public void seek(long position) {
      throw new IllegalStateException("the pool was shut down");
    }

    @Override
    public long getPos() {
      throw new IllegalStateException("the pool was shut down");
    }

    @Override
    public int read() {
      throw new IllegalStateException("the pool was shut down");
    }

    @Override
    public void close() {
      throw new IllegalStateException("the pool was shut down");
    }
  }

  @Test
  void a_file_system_that_fails_breaks_no_file() {
    FileInput input = new FileInput(new Silent(), 10);
    Lines lines = Lines.of(input, "a.csv");

    assertThatThrownBy(lines::next).isInstanceOf(ReadFailed.class);
    assertThatThrownBy(() -> input.seek(11)).isNotInstanceOf(ReadFailed.class);
    assertThat(ReadFailed.below(new UncheckedIOException(ReadFailed.by(new IOException()))))
        .isNotNull();
    assertThat(FileClient.unreachable(ReadFailed.by(new SocketException()), "items", "a.csv"))
        .hasMessageStartingWith("MIRROR-2047 items: a.csv cannot be read, with SocketException.");
  }

  @Test
  void a_file_system_that_fails_with_what_is_not_checked_breaks_no_file() {
    FileInput input = new FileInput(new Closed(), 10);

    assertThatThrownBy(() -> input.seek(1)).isInstanceOf(ReadFailed.class);
    assertThatThrownBy(input::getPos).isInstanceOf(ReadFailed.class);
    assertThatThrownBy(input::read).isInstanceOf(ReadFailed.class);
    assertThatThrownBy(() -> input.read(new byte[2], 0, 2)).isInstanceOf(ReadFailed.class);
    assertThatThrownBy(() -> input.read(new byte[2], 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(input::close).isInstanceOf(ReadFailed.class);
    assertThat(FileClient.unreachable(ReadFailed.by(new IllegalStateException()), "items", "a.csv"))
        .hasMessageStartingWith(
            "MIRROR-2047 items: a.csv cannot be read, with IllegalStateException.");
  }

  @Test
  void aFileThatIsAppliedHasNoColumnsThatItsTableDoesNotRead() throws Exception {
    TableSpec table = spec(".", "csv").tables().get(0);
    TableSpec renamed =
        table.withColumns(new ColumnsSpec(List.of(), List.of(), Map.of("name", "title"), Map.of()));
    feed = Uploads.resolve(connection, renamed, List.of());
    Path title = upload("title.csv", "id,title\n1,a\n");
    Path letters = upload("letters.json", "{\"id\": 1}\n{\"id\": 2, \"NAME\": \"b\"}\n");
    Path size = directory.resolve("size.parquet");
    writeParquet(size, "id", "size");

    String unread = " has a column that the table does not read. Call it ";
    assertRefused(
        renamed,
        title,
        "items.title: the row at title.csv:2" + unread + "name, as the source does.");
    assertRefused(
        renamed,
        letters,
        "items.NAME: the row at letters.json:2" + unread + "name, as the source does.");
    assertRefused(
        renamed,
        size,
        "items.size: the row at size.parquet:1"
            + unread
            + "as the source does, or take it out of the file.");
  }

  private void applies(TableSpec table, Path path) throws SQLException {
    SingleFile file = SingleFile.of(path.toString());
    connection = Uploads.connect(file.source(), SecretSource.ofProcess());
    feed = file.feed(table, feed.layout());
  }

  @Test
  void a_change_of_a_file_that_is_applied_ranks_as_its_row_says_and_never_by_where_it_stands()
      throws Exception {
    TableSpec table = spec(".", "csv").tables().get(0);
    applies(
        table,
        upload(
            "purge.csv",
            "id,_file_time,_line,_change_request_type\n1,2026-10-01T12:00:00Z,70,d\n2,,71,d\n"));
    read(Position.BEGINNING);

    assertThat(rows.changes()).containsExactly("DELETE 1|null|null|1790856000000000|70");
    assertThat(rows.rejected())
        .containsExactly(
            "null-version purge.csv:3: _file_time is null"
                + " {\"id\":\"2\",\"_file_time\":null,\"_line\":\"71\","
                + "\"_change_request_type\":\"d\"}");
  }

  @Test
  void a_file_that_is_applied_deletes_the_keys_that_it_names_whatever_they_are_called()
      throws Exception {
    TableSpec table = spec(".", "csv").tables().get(0);
    ChangeLayout layout =
        new ChangeLayout(
            "items",
            List.of(column("batch"), column("_line"), column("_file_time")),
            List.of(0, 1),
            List.of(2),
            -1,
            -1,
            ChangeLayout.Tie.DELETE_WINS);
    Path purge = upload("purge.csv", "batch,_line,_file_time,_change_request_type\n7,70,5,d\n");
    feed = SingleFile.of(purge.toString()).feed(table, layout);
    read(Position.BEGINNING);

    assertThat(rows.rejected()).isEmpty();
    assertThat(rows.changes()).containsExactly("DELETE 7|70|5");
  }

  private static Column column(String name) {
    return new Column(name, name, ColumnType.of(ColumnType.Kind.LONG), false);
  }

  private void assertRefused(TableSpec table, Path path, String message) throws SQLException {
    applies(table, path);

    assertThatThrownBy(() -> read(Position.BEGINNING))
        .isInstanceOf(MirrorException.class)
        .hasMessage("MIRROR-1016 " + message);
  }

  @Test
  void aColumnThatTheSchemaDoesNotNameStopsParquetTooWhereTheSpecSaysStop() throws Exception {
    MirrorSpec spec =
        SpecReader.read(
            SPEC.formatted(directory, ".", "parquet", COLUMNS) + "    on-schema-change: stop\n");
    feed = Uploads.resolve(connection, spec.tables().get(0), List.of());
    Path file = directory.resolve("a.parquet");
    writeParquet(file, "id", "size");

    assertThatThrownBy(() -> read(Position.BEGINNING))
        .hasMessage(
            "MIRROR-2011 items.size: the record at a.parquet:1 has a column that the schema does"
                + " not name. Add it to schema:, or write on-schema-change: ignore.");
  }

  /** One row of ones. */
  private static void writeParquet(Path file, String... columns) throws IOException {
    List<NestedField> fields = new ArrayList<>();
    for (String column : columns) {
      fields.add(NestedField.optional(fields.size() + 1, column, LongType.get()));
    }
    Schema schema = new Schema(fields);
    try (FileAppender<Record> out =
        Parquet.write(org.apache.iceberg.Files.localOutput(file.toFile()))
            .schema(schema)
            .createWriterFunc(GenericParquetWriter::create)
            .build()) {
      GenericRecord row = GenericRecord.create(schema);
      fields.forEach(field -> row.setField(field.name(), 1L));
      out.add(row);
    }
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
  }

  @Test
  void numbersOfParquetAreWhatTheFileSaysTheyAre() throws Exception {
    reads(
        ".",
        "parquet",
        "id: long, seen: long, all: \"decimal(20, 0)\", at: timestamptz, old: timestamp, noon: time");
    uploadParquet(
        """
        message rows {
          required int64 id = 9; optional int32 seen (INTEGER(32,false)) = 2;
          optional int64 all (INTEGER(64,false)) = 7; optional int64 at (TIMESTAMP(NANOS,true)) = 1;
          optional int64 old (TIMESTAMP(MILLIS,false)) = 4;
          optional int64 noon (TIME(NANOS,true)) = 5; }
        """,
        row ->
            row.append("id", 1L)
                .append("seen", -1)
                .append("all", -1L)
                .append("at", 1_700_000_000_123_456_789L)
                .append("old", -1L)
                .append("noon", 43_200_000_000_000L),
        row -> row.append("id", 2L).append("old", Long.MAX_VALUE),
        row -> row.append("id", 3L).append("noon", 86_400_000_000_000L),
        row -> row.append("id", 4L));
    read(Position.BEGINNING);

    assertThat(rows.changes())
        .containsExactly(
            "UPSERT 1|4294967295|18446744073709551615|1700000000123456|-1000|43200000000|1000000|1",
            "UPSERT 4|null|null|null|null|null|1000000|4");
    assertThat(rows.rejected())
        .containsExactly(
            "bad-value a.parquet:2: old: it is not between the years 1 and 9999"
                + " {\"id\":2,\"seen\":null,\"all\":null,\"at\":null,"
                + "\"old\":\"+292278994-08-17T07:12:55.807\",\"noon\":null,"
                + "\"_file_time\":\"1970-01-01T00:00:01Z\",\"_line\":2}",
            "bad-value a.parquet:3: noon: it is no time of a day"
                + " {\"id\":3,\"seen\":null,\"all\":null,\"at\":null,\"old\":null,"
                + "\"noon\":\"86400000000000\","
                + "\"_file_time\":\"1970-01-01T00:00:01Z\",\"_line\":3}");
  }

  @Test
  void what_is_nested_in_parquet_is_the_text_of_json() throws Exception {
    reads(
        ".",
        "parquet",
        "id: long, tags: string, place: string, prices: string, days: string, raws: string");
    uploadParquet(
        """
        message rows {
          required int64 id;
          optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
          optional group place {
            optional binary city (STRING); optional int64 zip; optional binary seal;
            optional group at { optional double height; } }
          optional group prices (MAP) { repeated group key_value {
            required binary key (STRING); optional int64 value (DECIMAL(10,2)); } }
          optional group days (MAP) { repeated group key_value {
            required int32 key; optional boolean value; } }
          optional group raws (LIST) { repeated group list { optional binary element; } } }
        """,
        row -> {
          row.append("id", 1L);
          Group tags = row.addGroup("tags");
          tags.addGroup("list").append("element", "a \"b\", c");
          tags.addGroup("list");
          Group place = row.addGroup("place").append("city", "Ulm").append("seal", bytes(0, 255));
          place.addGroup("at").append("height", 478.5);
          row.addGroup("prices").addGroup("key_value").append("key", "EUR").append("value", 150L);
          row.addGroup("days").addGroup("key_value").append("key", 7).append("value", true);
          row.addGroup("raws").addGroup("list").append("element", bytes(1, 2, 3));
        },
        row -> {
          row.append("id", 2L);
          row.addGroup("tags");
        });
    read(Position.BEGINNING);

    assertThat(rows.rejected()).isEmpty();
    assertThat(rows.changes())
        .containsExactly(
            "UPSERT 1|[\"a \\\"b\\\", c\",null]"
                + "|{\"city\":\"Ulm\",\"zip\":null,\"seal\":\"AP8=\",\"at\":{\"height\":478.5}}"
                + "|{\"EUR\":\"1.50\"}|{\"7\":true}|[\"AQID\"]|1000000|1",
            "UPSERT 2|[]|null|null|null|null|1000000|2");
  }

  private static Binary bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Binary.fromConstantByteArray(bytes);
  }

  @Test
  void aColumnOfParquetOfATypeThatIsNotReadIsNamedIfItIsWanted() throws Exception {
    String types =
        "message rows { required int64 id; repeated int32 tags;"
            + " optional int64 all (INTEGER(64,false)); }";
    reads(".", "parquet");
    uploadParquet(types, row -> row.append("id", 1L).append("tags", 2));
    read(Position.BEGINNING);
    assertThat(rows.changes()).containsExactly("UPSERT 1|null|null|1000000|1");

    reads(".", "parquet", "id: long, tags: string");
    read(Position.BEGINNING);
    assertThat(rows.rejected())
        .containsExactly(
            "unreadable a.parquet:1: its column tags has a type that is not read: repeated INT32"
                + " {\"file\":\"a.parquet\",\"line\":1}");
  }

  @SafeVarargs
  private void uploadParquet(String types, Consumer<Group>... written) throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(types);
    Path file = directory.resolve("a.parquet");
    try (ParquetWriter<Group> out =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(type).build()) {
      for (Consumer<Group> row : written) {
        Group group = new SimpleGroup(type);
        row.accept(group);
        out.write(group);
      }
    }
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
  }

  @Test
  void eachFileIsReadOnceHoweverOldItIs() throws Exception {
    upload("b.csv", "id\n1\n");
    Position first = read(Position.BEGINNING);
    upload("a.csv", "id\n2\n");
    upload("c/d.csv", "id\n3\n");
    Position second = read(first);
    Files.delete(directory.resolve("b.csv"));
    Position third = read(second);

    assertThat(rows.changes())
        .containsExactly(
            "UPSERT 1|null|null|1000000|2",
            "UPSERT 2|null|null|1000000|2",
            "UPSERT 3|null|null|1000000|2");
    assertThat(third).isEqualTo(second);
    assertThat(feed.compare(second, first)).isPositive();
  }

  @Test
  void aFileThatWasWrittenAgainIsAnotherOne() throws Exception {
    upload("a.csv", "id\n1\n");
    Position first = read(Position.BEGINNING);
    upload("a.csv", "id\n1\n2\n");
    read(first);

    assertThat(rows.changes()).hasSize(3);
  }

  @Test
  void aFileIsReadWhenItHasStayedAsItIs() throws Exception {
    Path file = upload("a.csv", "id\n1\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));

    assertThat(read(Position.BEGINNING)).isEqualTo(Position.BEGINNING);
    assertThat(feed.head(connection, Position.BEGINNING).beginning()).isFalse();
  }

  @Test
  void aFileFromTheFutureIsReadAWhileAfterFilesWereSeen() throws Exception {
    Path file = upload("a.csv", "id\n1\n");
    long clockMillis = feed.clockMillis(connection);
    Files.setLastModifiedTime(file, FileTime.fromMillis(clockMillis + 60_000));
    Position head = feed.head(connection, Position.BEGINNING);

    assertThat(window(head, clockMillis)).as("seen just now").isEmpty();
    assertThat(window(head, clockMillis - 10_000)).isPresent();
  }

  private Optional<Window> window(Position head, long seenMillis) throws SQLException {
    return feed.nextWindow(connection, Position.BEGINNING, new Observed(head, seenMillis), 5_000);
  }

  /** A run with an end has read as many files as it saw at its beginning: they are the same. */
  @Test
  void ofManyFilesAWindowHoldsSoManyAndThoseThatWereSeenFirst() throws Exception {
    int most = FileFeed.MOST_IN_WINDOW;
    uploadMany("seen", most + 200);
    Observed seen =
        new Observed(feed.head(connection, Position.BEGINNING), feed.clockMillis(connection));
    Window first = feed.nextWindow(connection, Position.BEGINNING, seen, 0).orElseThrow();
    uploadMany("before", most);
    Window second = feed.nextWindow(connection, first.to(), seen, 0).orElseThrow();

    assertThat(feed.chunks(connection, first, 1_000)).hasSize(most);
    assertThat(first.settledMillis()).as("more is settled").isEqualTo(Long.MIN_VALUE);
    assertThat(feed.more(first, seen, 0)).isTrue();
    assertThat(feed.chunks(connection, second, 1_000))
        .hasSize(most)
        .filteredOn(chunk -> chunk.from().contains("seen"))
        .hasSize(200);
    assertThat(feed.more(second, seen, 0)).isFalse();
    Window third = feed.nextWindow(connection, second.to(), seen, 0).orElseThrow();
    assertThat(feed.chunks(connection, third, 1_000)).hasSize(200);
    assertThat(third.settledMillis()).isPositive();
  }

  @Test
  void whatCameSinceIsNotReadBeforeAllThatWasSeen() throws Exception {
    upload("b.csv", "id\n1\n");
    Path fresh = upload("c.csv", "id\n1\n");
    Files.setLastModifiedTime(fresh, FileTime.fromMillis(System.currentTimeMillis()));
    Observed seen =
        new Observed(feed.head(connection, Position.BEGINNING), feed.clockMillis(connection));
    upload("a.csv", "id\n1\n");

    Window first = feed.nextWindow(connection, Position.BEGINNING, seen, 60_000).orElseThrow();

    assertThat(feed.chunks(connection, first, 1_000))
        .singleElement()
        .satisfies(chunk -> assertThat(chunk.from()).endsWith(":b.csv"));
    assertThat(feed.nextWindow(connection, first.to(), seen, 60_000)).isEmpty();
    Window second = feed.nextWindow(connection, first.to(), seen, 0).orElseThrow();
    assertThat(feed.chunks(connection, second, 1_000)).hasSize(2);
  }

  private void uploadMany(String name, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      upload(name + "-" + i + ".csv", "id\n1\n");
    }
  }

  @Test
  void aFileThatIsRemovedBetweenTwoWindowsIsNotWaitedFor() throws Exception {
    int most = FileFeed.MOST_IN_WINDOW;
    uploadMany("a", most + 1);
    Observed seen =
        new Observed(feed.head(connection, Position.BEGINNING), feed.clockMillis(connection));
    Window first = feed.nextWindow(connection, Position.BEGINNING, seen, 0).orElseThrow();
    Set<String> planned = FilePosition.of(first.to(), "items").marks();
    for (ChangeFile file : FileClient.of(connection).list(".", "items")) {
      if (!planned.contains(file.mark())) {
        Files.delete(directory.resolve(file.path()));
      }
    }

    Window second = feed.nextWindow(connection, first.to(), seen, 0).orElseThrow();

    assertThat(feed.chunks(connection, second, 1_000)).isEmpty();
    assertThat(feed.compare(seen.head(), second.to())).isZero();
    assertThat(second.settledMillis()).as("nothing is left").isPositive();
    feed.requireWhole(connection, second.to());
    upload("later.csv", "id\n1\n");
    Position later = read(second.to());
    assertThat(feed.compare(later, second.to())).isPositive();
    feed.requireWhole(connection, later);
    Files.delete(directory.resolve("later.csv"));
    assertThatThrownBy(() -> feed.requireWhole(connection, later))
        .hasMessageStartingWith("MIRROR-2082 items: files that were read are gone");
  }

  @Test
  void a_file_that_is_written_again_and_again_is_not_waited_for_and_is_read_when_it_has_settled()
      throws Exception {
    upload("a.csv", "id\n1\n");
    Path growing = upload("b.csv", "id\n2\n");
    Files.setLastModifiedTime(growing, FileTime.fromMillis(System.currentTimeMillis()));
    Observed seen =
        new Observed(feed.head(connection, Position.BEGINNING), feed.clockMillis(connection));
    Window first = feed.nextWindow(connection, Position.BEGINNING, seen, 60_000).orElseThrow();
    assertThat(feed.nextWindow(connection, first.to(), seen, 60_000)).as("it is there").isEmpty();

    upload("b.csv", "id\n2\n3\n");
    Files.setLastModifiedTime(growing, FileTime.fromMillis(System.currentTimeMillis()));
    Window second = feed.nextWindow(connection, first.to(), seen, 60_000).orElseThrow();

    assertThat(feed.chunks(connection, second, 1_000)).isEmpty();
    assertThat(feed.compare(seen.head(), second.to())).as("all that was seen").isZero();
    assertThat(second.settledMillis()).as("its rows may have any time").isEqualTo(Long.MIN_VALUE);
    assertThat(FilePosition.of(second.to(), "items").unread()).isEqualTo(1);
    assertThat(feed.compare(feed.head(connection, second.to()), second.to())).isPositive();
    Files.setLastModifiedTime(growing, FileTime.fromMillis(1_000));
    Position settled = read(second.to());
    assertThat(rows.changes())
        .containsExactly("UPSERT 2|null|null|1000000|2", "UPSERT 3|null|null|1000000|3");
    feed.requireWhole(connection, settled);
  }

  @Test
  void namesOfFilesAndDirectoriesAreTakenAsTheyAre() throws Exception {
    for (String name : List.of("C# 50%20 ö", "b:c/d", "e\\f")) {
      upload(name + "/2026-10-01T12:00:00.csv", "id\n1\n");
    }
    read(Position.BEGINNING);
    assertThat(rows.changes()).hasSize(3);

    upload("C# 50%20 ö/in/a.csv", "id\n2\n");
    directory = directory.resolve("C# 50%20 ö");
    reads("in", "csv");
    read(Position.BEGINNING);
    assertThat(rows.changes()).hasSize(4).endsWith("UPSERT 2|null|null|1000000|2");
    assertThat(SingleFile.of(directory.resolve("in/a.csv").toString()).name()).isEqualTo("a.csv");
  }

  @Test
  void a_file_whose_name_is_not_in_the_encoding_of_names_is_named_if_it_is_meant()
      throws Exception {
    upload("in/a.csv", "id\n1\n");
    // In Latin-1 it is an umlaut.
    Process shell =
        new ProcessBuilder("sh", "-c", "echo id > \"$(printf 'in/B\\374cher.csv')\"")
            .directory(directory.toFile())
            .start();
    assertThat(shell.waitFor()).isZero();

    assertThatThrownBy(() -> feed.head(connection, Position.BEGINNING))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            "MIRROR-2047 items: the name of in/B\uFFFDcher.csv cannot be read as "
                + System.getProperty("sun.jnu.encoding")
                + ". Rename it; if names are in UTF-8, start with LC_ALL=C.UTF-8.");
    reads("in/a*", "csv");
    read(Position.BEGINNING);
    assertThat(rows.changes()).containsExactly("UPSERT 1|null|null|1000000|2");
  }

  @Test
  void filesThatAreRenamedAndMovedAwayMeanwhileDisturbNobody() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("_elsewhere"));
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 3_000; i++) {
                  Path file = upload("_" + i + ".csv", "id\n1\n");
                  Files.move(file, directory.resolve(i + ".csv"));
                  if (i >= 20) {
                    String old = (i - 20) + ".csv";
                    Files.move(directory.resolve(old), elsewhere.resolve(old));
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    writer.start();
    long listed = 0;
    while (writer.isAlive()) {
      for (ChangeFile file : FileClient.of(connection).list(".", "items")) {
        listed++;
        assertThat(file.modifiedMillis()).as(file.path()).isPositive();
      }
    }
    writer.join();

    assertThat(listed).isPositive();
    assertThat(FileClient.of(connection).list(".", "items")).hasSize(20);
  }

  @Test
  void whatIsNoDirectoryAnyMoreIsNotAnEmptyOne() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop"));
    assertThat(link).isSymbolicLink();

    assertThatThrownBy(() -> feed.head(connection, Position.BEGINNING))
        .isInstanceOf(MirrorException.class)
        .hasMessageContaining("cannot be read, with FileSystemException");
  }

  @Test
  void filesThatAreNotCompleteAreLeftAlone() throws Exception {
    upload("_a.csv", "id\n1\n");
    upload(".b.csv", "id\n1\n");
    upload("_c/d.csv", "id\n1\n");
    read(Position.BEGINNING);

    assertThat(rows.changes()).isEmpty();
  }

  @Test
  void aPatternChoosesAmongFiles() throws Exception {
    upload("in/a.csv", "id\n1\n");
    upload("in/b.txt", "id\n2\n");
    upload("out/c.csv", "id\n3\n");
    reads("in/*.csv", "csv");
    read(Position.BEGINNING);

    assertThat(rows.changes()).containsExactly("UPSERT 1|null|null|1000000|2");
  }

  @Test
  void aFileThatChangesAfterItWasPlannedIsNotPassedOver() throws Exception {
    upload("a.csv", "id\n1\n");
    Observed seen =
        new Observed(feed.head(connection, Position.BEGINNING), feed.clockMillis(connection));
    Window window = feed.nextWindow(connection, Position.BEGINNING, seen, 5_000).orElseThrow();
    List<Chunk> chunks = feed.chunks(connection, window, 1_000);
    upload("a.csv", "id\n2\n3\n");

    try (ChunkReader reader = feed.open(connection, chunks.get(0), Resume.START, 100)) {
      assertThatThrownBy(() -> reader.read(rows, 2)).isInstanceOf(MirrorException.class);
    } catch (MirrorException e) {
      assertThat(e)
          .hasMessageContaining("MIRROR-2009 items: the file a.csv was written again before");
    }
    assertThatThrownBy(() -> feed.chunks(connection, window, 1_000))
        .hasMessageContaining("MIRROR-2009 items: a file was removed or written again before");
  }

  @Test
  void files_that_were_read_can_be_compared_while_they_are_there() throws Exception {
    Path first = upload("a.csv", "id\n1\n");
    Position before = read(Position.BEGINNING);
    upload("b.csv", "id\n2\n");
    feed.requireWhole(connection, Position.BEGINNING);
    feed.requireWhole(connection, before);
    Files.move(first, directory.resolve(".a.csv"));

    String gone = "MIRROR-2082 items: files that were read are gone, so that nothing can be";
    assertThatThrownBy(() -> feed.requireWhole(connection, before))
        .isInstanceOf(MirrorException.class)
        .hasMessage(gone + " compared with them. Compare when they are back.");
    Position after = read(before);
    assertThatThrownBy(() -> feed.requireWhole(connection, after))
        .isInstanceOf(MirrorException.class)
        .hasMessage(
            gone
                + " compared with them. Compare before files are moved away, or mirror all files"
                + " into a new table.");
    Files.move(directory.resolve(".a.csv"), first);
    feed.requireWhole(connection, before);
  }

  @Test
  void aMissingDirectoryIsNamed() {
    assertThatThrownBy(() -> reads("nowhere", "csv"))
        .isInstanceOf(MirrorException.class)
        .hasMessageStartingWith("MIRROR-1025 items: there is no file:");
  }
}
