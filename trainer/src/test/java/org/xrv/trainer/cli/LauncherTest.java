package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launchers in bin/ say before there is a Java to say anything. */
class LauncherTest {
  private static final Path BIN = Path.of(System.getProperty("xrv.project"), "bin");
  @TempDir Path directory;

  @BeforeAll
  static void needsAShell() {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh on this machine");
  }

  private record Result(int code, String output) {}

  private static Result run(Map<String, String> environment, Path launcher) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--version");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output.strip());
  }

  @Test
  void shouldSayInOneLineThatJavaHomeIsWrong() throws Exception {
    for (String program : List.of("xrv-train", "xrv-convert", "xrv-zoo", "xrv-explain")) {
      Result result = run(Map.of("JAVA_HOME", "/no/such/jdk"), BIN.resolve(program));
      assertEquals(1, result.code());
      assertEquals(
          program
              + ": JAVA_HOME is /no/such/jdk, which has no bin/java; set it to a JDK 17 or newer",
          result.output());
    }
  }

  @Test
  void shouldSayInOneLineThatThereIsNoJava() throws Exception {
    // A PATH with the few tools that the launcher itself needs, and no java.
    Path tools = Files.createDirectories(directory.resolve("tools"));
    for (String tool : List.of("sh", "dirname", "readlink", "cat", "ls", "grep", "head")) {
      for (String place : List.of("/bin", "/usr/bin")) {
        Path there = Path.of(place, tool);
        if (Files.exists(there) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), there);
        }
      }
    }
    Result result =
        run(Map.of("JAVA_HOME", "", "PATH", tools.toString()), BIN.resolve("xrv-train"));
    assertEquals(1, result.code(), result.output());
    assertTrue(result.output().startsWith("xrv-train: no Java found; install a JDK 17"));
    assertEquals(1, result.output().lines().count());
  }

  @Test
  void shouldBeFoundThroughASymbolicLink() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("xrv"), BIN.resolve("xrv-zoo"));
    Result result = run(Map.of("JAVA_HOME", "/no/such/jdk"), link);
    assertTrue(result.output().startsWith("xrv-zoo: JAVA_HOME"), result.output());
  }
}
