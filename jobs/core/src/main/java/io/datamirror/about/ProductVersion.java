package io.datamirror.about;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that this build of Data Mirror bears, as the command line prints it. */
public final class ProductVersion {
  private static final String RESOURCE = "product.properties";

  private ProductVersion() {}

  /** The version of the product, for example {@code 0.1.0}; never blank. */
  public static String current() {
    Properties properties = new Properties();
    try (InputStream resource = ProductVersion.class.getResourceAsStream(RESOURCE)) {
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar's own " + RESOURCE + " cannot be read", e);
    }
    return properties.getProperty("version");
  }
}
