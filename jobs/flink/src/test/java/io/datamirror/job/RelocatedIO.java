package io.datamirror.job;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * Files of a lake whose names say nothing of where they are: {@code golden:/lake/…} lies in
 * whatever directory the catalog's property {@code golden.directory} names. So a lake, and a
 * savepoint that speaks of its files, can be copied to any place.
 */
public final class RelocatedIO implements FileIO {

  static final String SCHEME = "golden:";
  static final String DIRECTORY = "golden.directory";

  private static final long serialVersionUID = 1L;

  private String directory;

  @Override
  public void initialize(Map<String, String> properties) {
    directory = properties.get(DIRECTORY);
  }

  private File file(String location) {
    if (!location.startsWith(SCHEME)) {
      throw new IllegalArgumentException("not a file of this lake: " + location);
    }
    return Path.of(directory, location.substring(SCHEME.length())).toFile();
  }

  @Override
  public InputFile newInputFile(String location) {
    return new Input(location, org.apache.iceberg.Files.localInput(file(location)));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new Output(location, file(location));
  }

  @Override
  public void deleteFile(String location) {
    try {
      Files.deleteIfExists(file(location).toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Input(String location, InputFile file) implements InputFile {

    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
      return file.newStream();
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }

  private record Output(String location, File file) implements OutputFile {

    @Override
    public PositionOutputStream create() {
      return org.apache.iceberg.Files.localOutput(file).create();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return org.apache.iceberg.Files.localOutput(file).createOrOverwrite();
    }

    @Override
    public InputFile toInputFile() {
      return new Input(location, org.apache.iceberg.Files.localInput(file));
    }
  }
}
