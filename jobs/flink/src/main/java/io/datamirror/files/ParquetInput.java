package io.datamirror.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** A file as those who read Parquet want it, on any file system of Flink's. */
final class ParquetInput implements InputFile {

  private final FileClient client;
  private final ChangeFile file;
  private final String table;

  ParquetInput(FileClient client, ChangeFile file, String table) {
    this.client = client;
    this.file = file;
    this.table = table;
  }

  @Override
  public long getLength() {
    return file.length();
  }

  @Override
  public SeekableInputStream newStream() {
    try {
      return new Stream(client.open(file, table));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same for Parquet's own classes. */
  org.apache.iceberg.shaded.org.apache.parquet.io.InputFile parquet() {
    return new org.apache.iceberg.shaded.org.apache.parquet.io.InputFile() {
      @Override
      public long getLength() {
        return file.length();
      }

      @Override
      public org.apache.iceberg.shaded.org.apache.parquet.io.SeekableInputStream newStream()
          throws IOException {
        return new ParquetStream(client.open(file, table));
      }
    };
  }

  @Override
  public String location() {
    return file.path();
  }

  @Override
  public boolean exists() {
    return true;
  }

  private static final class Stream extends SeekableInputStream {
    private final FSDataInputStream input;

    Stream(FSDataInputStream input) {
      this.input = input;
    }

    @Override
    public long getPos() throws IOException {
      return input.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      input.seek(position);
    }

    @Override
    public int read() throws IOException {
      return input.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return input.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      input.close();
    }
  }

  private static final class ParquetStream
      extends org.apache.iceberg.shaded.org.apache.parquet.io.DelegatingSeekableInputStream {
    private final FSDataInputStream input;

    ParquetStream(FSDataInputStream input) {
      super(input);
      this.input = input;
    }

    @Override
    public long getPos() throws IOException {
      return input.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      input.seek(position);
    }
  }
}
