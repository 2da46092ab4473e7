package io.datamirror.files;

import io.datamirror.error.MirrorException;
import io.datamirror.feed.RecordTable;
import io.datamirror.files.ParquetNumbers.Meaning;
import io.datamirror.record.NestedJson;
import io.datamirror.record.SourceRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.apache.iceberg.shaded.org.apache.parquet.schema.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a Parquet file. Columns are found by name and read as the type that the file has;
 * what becomes of it is the schema's to say.
 */
final class ParquetRows implements FileRows {

  private static final Logger LOG = LoggerFactory.getLogger(ParquetRows.class);

  private final ParquetInput input;
  private final RecordTable table;
  private CloseableIterable<Record> open;
  private CloseableIterator<Record> rows;
  private final Map<String, Meaning> meanings = new HashMap<>();
  private List<NestedField> columns = List.of();
  private List<String> undeclared = List.of();
  private long row = 1;

  ParquetRows(ParquetInput input, RecordTable table) {
    this.input = input;
    this.table = table;
  }

  @Override
  public Optional<SourceRecord> next() throws IOException, BrokenFile {
    try {
      if (rows == null) {
        open();
        row = 0;
      }
      row++;
      return rows.hasNext() ? Optional.of(record(rows.next())) : Optional.empty();
    } catch (MirrorException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      ReadFailed failed = ReadFailed.below(e);
      if (failed != null) {
        throw failed;
      }
      LOG.info("{} is broken", input.location(), e);
      throw new BrokenFile("it is not Parquet, or damaged: " + e.getClass().getSimpleName());
    }
  }

  private void open() throws IOException, BrokenFile {
    MessageType file = columns();
    for (int key : table.layout().key()) {
      String name = table.layout().columns().get(key).source();
      if (!file.containsField(name)) {
        throw new BrokenFile("it has no key column " + name);
      }
    }
    List<Type> plain = new ArrayList<>();
    for (Type column : file.getFields()) {
      Optional<Meaning> meaning = ParquetNumbers.meaning(column);
      meaning.ifPresent(known -> meanings.put(column.getName(), known));
      Type read = meaning.isPresent() ? ParquetNumbers.plain(column) : column;
      requireReadable(read, column);
      plain.add(read);
    }
    MessageType read = new MessageType(file.getName(), plain);
    Schema wanted = ParquetSchemaUtil.convert(read);
    columns = wanted.columns();
    open =
        Parquet.read(input)
            .project(wanted)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(wanted, read))
            .build();
    rows = open.iterator();
  }

  /**
   * Those of the file's own columns that are wanted; where they have no ids, columns are numbered
   * as Iceberg does it, and what is nested in them after the last, or it would not be read.
   */
  private MessageType columns() throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(input.parquet())) {
      MessageType type = reader.getFileMetaData().getSchema();
      undeclared = undeclared(type);
      MessageType numbered = ParquetSchemaUtil.hasIds(type) ? type : numbered(type);
      return new MessageType(
          type.getName(), numbered.getFields().stream().filter(this::wanted).toList());
    }
  }

  private static MessageType numbered(MessageType type) {
    AtomicInteger last = new AtomicInteger(type.getFieldCount());
    return new MessageType(
        type.getName(),
        ParquetSchemaUtil.addFallbackIds(type).getFields().stream()
            .map(column -> numberedInside(column, last))
            .toList());
  }

  private static Type numberedInside(Type type, AtomicInteger last) {
    return type.isPrimitive()
        ? type
        : type.asGroupType()
            .withNewFields(
                type.asGroupType().getFields().stream()
                    .map(field -> numberedInside(field.withId(last.incrementAndGet()), last))
                    .toList());
  }

  private boolean wanted(Type column) {
    return table.declares(column.getName());
  }

  /** What a row must tell besides its values, so that it is not passed over. */
  private List<String> undeclared(MessageType all) {
    return table.undeclared() == RecordTable.Undeclared.PASSED_OVER
        ? List.of()
        : all.getFields().stream()
            .map(Type::getName)
            .filter(name -> !table.declares(name))
            .toList();
  }

  /**
   * @param read the column as it is to be read
   * @param column the same as the file has it
   */
  private static void requireReadable(Type read, Type column) throws BrokenFile {
    MessageType alone = new MessageType("alone", read);
    try {
      GenericParquetReaders.buildReader(ParquetSchemaUtil.convert(alone), alone);
    } catch (RuntimeException e) {
      LOG.info("The column {} has a type that is not read", column.getName(), e);
      throw new BrokenFile(
          "its column " + column.getName() + " has a type that is not read: " + text(column));
    }
  }

  private static String text(Type column) {
    String repetition = column.getRepetition().name().toLowerCase(Locale.ROOT);
    Object type =
        column.getLogicalTypeAnnotation() != null
            ? column.getLogicalTypeAnnotation()
            : column.isPrimitive() ? column.asPrimitiveType().getPrimitiveTypeName() : "group";
    return repetition + " " + type;
  }

  private SourceRecord record(Record record) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).name();
      Object value = record.get(i);
      boolean meant = value != null && meanings.containsKey(name);
      values.put(
          name, meant ? meanings.get(name).value(((Number) value).longValue()) : plain(value));
    }
    undeclared.forEach(name -> values.put(name, null));
    return new SourceRecord(null, values);
  }

  private static Object plain(Object value) {
    Object known = known(value);
    return known instanceof Map || known instanceof List ? NestedJson.of(known) : known;
  }

  /** A value without the classes of Iceberg and of buffers. */
  private static Object known(Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof Record row) {
      Map<String, Object> fields = new LinkedHashMap<>();
      row.struct().fields().forEach(field -> fields.put(field.name(), field(row, field)));
      return fields;
    }
    if (value instanceof Map<?, ?> entries) {
      Map<String, Object> named = new LinkedHashMap<>();
      entries.forEach((key, item) -> named.put(name(key), known(item)));
      return named;
    }
    return value instanceof List<?> items
        ? items.stream().map(ParquetRows::known).collect(Collectors.toCollection(ArrayList::new))
        : value;
  }

  private static Object field(Record row, NestedField field) {
    return known(row.getField(field.name()));
  }

  private static String name(Object key) {
    return known(key) instanceof byte[] bytes
        ? Base64.getEncoder().encodeToString(bytes)
        : key.toString();
  }

  @Override
  public long line() {
    return row;
  }

  @Override
  public byte[] raw() {
    return new byte[0];
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      LOG.debug("A file did not close", e);
    }
  }
}
