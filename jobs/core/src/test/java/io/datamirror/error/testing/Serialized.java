package io.datamirror.error.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;

/** Sends objects the way that a job graph and a failure travel. */
public final class Serialized {
  private Serialized() {}

  /** The bytes that travel. */
  public static byte[] bytesOf(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** What arrives. */
  @SuppressWarnings("unchecked")
  public static <T> T copyOf(T object) {
    try (ObjectInputStream stream =
        new ObjectInputStream(new ByteArrayInputStream(bytesOf(object)))) {
      return (T) stream.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
