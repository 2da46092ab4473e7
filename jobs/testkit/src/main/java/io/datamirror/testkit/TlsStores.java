package io.datamirror.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The keys of a broker and of a client that trust each other and nobody else, in PKCS12 stores made
 * by the JDK's own tool.
 *
 * @param directory where the stores are
 * @param password of all stores
 */
public record TlsStores(Path directory, String password) {

  private static final long LONGEST_SECONDS = 60;

  /** Makes the stores in an empty directory. */
  public static TlsStores make(Path directory, String password) throws IOException {
    TlsStores stores = new TlsStores(directory, password);
    stores.makeKeys("broker");
    stores.makeKeys("client");
    stores.trust("broker", "client");
    stores.trust("client", "broker");
    return stores;
  }

  /** The keys of {@code broker} or {@code client}. */
  public Path keys(String who) {
    return directory.resolve(who + ".p12");
  }

  /** Whom {@code broker} or {@code client} trusts: the other alone. */
  public Path trusted(String who) {
    return directory.resolve(who + "-trusts.p12");
  }

  private Path certificate(String who) {
    return directory.resolve(who + ".crt");
  }

  private void makeKeys(String who) throws IOException {
    keytool(
        "-genkeypair",
        keys(who),
        "-alias",
        who,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + who,
        "-ext",
        "SAN=ip:127.0.0.1",
        "-validity",
        "2");
    keytool("-exportcert", keys(who), "-alias", who, "-file", certificate(who).toString());
  }

  private void trust(String who, String whom) throws IOException {
    keytool(
        "-importcert",
        trusted(who),
        "-noprompt",
        "-alias",
        whom,
        "-file",
        certificate(whom).toString());
  }

  private void keytool(String command, Path store, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(command, "-keystore", store.toString(), "-storetype", "PKCS12"));
    line.addAll(List.of("-storepass", password));
    line.addAll(List.of(arguments));
    Path log = directory.resolve("keytool.log");
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("no keys can be made; see " + log);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
