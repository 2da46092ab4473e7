package io.datamirror.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * One of the bundled files, line by line. A line that ends early is filled up with empty fields.
 */
final class DemoFile implements Iterator<String[]>, AutoCloseable {
  private static final String FOLDER = "/demo/ourairports/";
  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

  private final MappingIterator<String[]> lines;
  private final List<String> header;

  private DemoFile(MappingIterator<String[]> lines) {
    this.lines = lines;
    this.header = List.of(lines.next());
  }

  static DemoFile open(String name) {
    try {
      InputStream packed = DemoFile.class.getResourceAsStream(FOLDER + name);
      if (packed == null) {
        throw new IllegalStateException(FOLDER + name + " is not in the jar");
      }
      return new DemoFile(
          CSV.readerFor(String[].class).readValues(new GZIPInputStream(packed, 1 << 16)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the columns. */
  List<String> header() {
    return header;
  }

  @Override
  public boolean hasNext() {
    return lines.hasNext();
  }

  /** The fields of the next line, as many as {@link #header} has. */
  @Override
  public String[] next() {
    String[] fields = lines.next();
    int given = fields.length;
    if (given == header.size()) {
      return fields;
    }
    String[] filled = Arrays.copyOf(fields, header.size());
    Arrays.fill(filled, given, filled.length, "");
    return filled;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
