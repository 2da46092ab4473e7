package io.datamirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With which locale the script starts Java, which reads names of files by it. */
class MirrorScriptTest {

  @TempDir private Path home;

  /** A built repository, and a Java that says its locale. */
  @BeforeEach
  void isBuilt() throws IOException {
    Path dist = home.resolve("jobs/flink/target/dist");
    Files.createDirectories(dist.resolve("lib"));
    Files.createDirectories(dist.resolve("flink"));
    Files.createFile(dist.resolve("data-mirror.jar"));
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s' \"${LC_ALL:-of the user}\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Path script = Files.createDirectory(home.resolve("scripts")).resolve("mirror");
    Files.copy(Path.of("../../scripts/mirror"), script);
  }

  private String locale(Map<String, String> variables) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", home.resolve("scripts/mirror").toString(), "check")
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG"));
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().putAll(variables);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void without_a_locale_names_are_in_utf_8() throws Exception {
    assertThat(locale(Map.of())).isEqualTo("C.UTF-8");
    assertThat(locale(Map.of("LANG", "C"))).isEqualTo("C.UTF-8");
    assertThat(locale(Map.of("LC_ALL", "POSIX", "LANG", "C.UTF-8"))).isEqualTo("C.UTF-8");
  }

  @Test
  void a_locale_that_somebody_chose_stays() throws Exception {
    assertThat(locale(Map.of("LANG", "C.UTF-8"))).isEqualTo("of the user");
    assertThat(locale(Map.of("LC_CTYPE", "C.UTF-8"))).isEqualTo("of the user");
    assertThat(locale(Map.of("LC_ALL", "C.utf8"))).isEqualTo("C.utf8");
  }
}
