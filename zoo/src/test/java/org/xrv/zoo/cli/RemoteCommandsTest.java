package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.cli.ProgramRunner;
import org.xrv.zoo.registry.DockerRegistry;
import org.xrv.zoo.store.Packages;

/** The program as a user runs it, on a registry. */
class RemoteCommandsTest {
  @TempDir Path folder;
  private DockerRegistry registry;
  private Path one;
  private Path two;
  private String out;
  private String err;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    DockerRegistry.assumeInstalled();
    registry = DockerRegistry.start(folder.resolve("registry"));
    one = Packages.write(folder.resolve("one"), "one");
    two = Packages.write(folder.resolve("two"), "two");
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private int run(String... arguments) {
    StringWriter results = new StringWriter();
    StringWriter remarks = new StringWriter();
    int code =
        ProgramRunner.run(
            new XrvZoo(),
            new PrintWriter(results, true),
            new PrintWriter(remarks, true),
            Stream.concat(
                    Stream.of(arguments), Stream.of("--cache", folder.resolve("cache").toString()))
                .toArray(String[]::new));
    out = results.toString();
    err = remarks.toString();
    return code;
  }

  private String done(String... arguments) {
    assertEquals(0, run(arguments), err);
    return out.strip();
  }

  private JsonNode json(String... arguments) throws IOException {
    return new ObjectMapper()
        .readTree(
            done(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new)));
  }

  @Test
  void shouldPushPullListShowAndCompare() throws IOException {
    String pushed = done("push", one.toString(), registry.host() + "/ae:1.0.0");
    assertTrue(pushed.startsWith("ae:1.0.0@sha256:"), pushed);
    done("push", two.toString(), "ae:1.1.0", "--zoo", registry.url());
    done("push", two.toString(), "ae:1.1.0", "--zoo", registry.url());
    assertTrue(err.contains("existed already"), err);
    assertEquals(9, run("push", one.toString(), "ae:1.1.0", "--zoo", registry.url()));
    assertEquals(1, err.lines().count(), err);
    assertEquals("ae  1.0.0 1.1.0", done("list", "--zoo", registry.url()));
    assertEquals(
        "1.1.0", json("versions", registry.host() + "/ae").get(1).path("version").asText());
    assertTrue(done("show", registry.host() + "/ae").contains("10,000 bytes"), out);
    JsonNode diff = json("diff", registry.host() + "/ae:1.0.0", registry.host() + "/ae:1.1.0");
    assertEquals(false, diff.path("same").asBoolean());
    assertEquals(6, run("pull", registry.host() + "/" + pushed));
    assertEquals(1, err.lines().count(), err);
    Path directory =
        Path.of(done("pull", registry.host() + "/" + pushed, "--quiet", "--allow-unsigned"));
    assertEquals(1, err.lines().count(), err);
    assertEquals(directory.toString(), done("pull", registry.host() + "/" + pushed, "--quiet"));
    assertEquals("", err, "what is here was let in before");
    assertEquals(
        -1, Files.mismatch(one.resolve("encoder.onnx"), directory.resolve("encoder.onnx")));
    assertTrue(directory.startsWith(folder.resolve("cache")), directory.toString());
    assertEquals(directory.toString(), done("path", registry.host() + "/ae:1.0.0"));
    assertEquals(3, run("pull", registry.host() + "/ea"));
    assertEquals(1, err.lines().count(), err);
    assertEquals(2, run("pull", "ae", "--zoo", "ftp://x"));
    assertEquals(2, run("verify", "--all", "--zoo", registry.url()));
  }

  @Test
  void shouldShowProgressAsJson() throws IOException {
    done("push", one.toString(), "ae:1.0.0", "--zoo", registry.url());
    done("pull", "ae", "--zoo", registry.url(), "--progress=json", "--allow-unsigned");
    List<String> events =
        err.lines()
            .filter(l -> l.startsWith("{"))
            .map(l -> path(l, "event") + " " + path(l, "bytes") + " " + path(l, "total"))
            .toList();
    assertTrue(events.get(0).startsWith("begin 0 "), err);
    String total = events.get(0).substring("begin 0 ".length());
    assertEquals("end " + total + " " + total, events.get(events.size() - 1), err);
  }

  private static String path(String json, String key) {
    try {
      return new ObjectMapper().readTree(json).path(key).asText();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void shouldLockAndStayOffline() throws IOException {
    done("push", one.toString(), "ae:1.0.0", "--zoo", registry.url());
    String lock = folder.resolve("xrv-zoo.lock").toString();
    String reference = registry.host() + "/ae:1";
    done("lock", reference, "--lock-file", lock);
    done("push", two.toString(), "ae:1.1.0", "--zoo", registry.url());
    assertEquals(11, run("pull", "--locked", reference, "--lock-file", lock, "--offline"));
    assertEquals(1, err.lines().count(), err);
    String locked = done("pull", "--locked", "--lock-file", lock, "--allow-unsigned");
    assertTrue(err.contains("ae:1.0.0@sha256:"), err);
    registry.close();
    assertEquals(locked, done("pull", "--locked", "--lock-file", lock));
    assertEquals(locked, done("pull", reference, "--offline"));
    assertEquals(4, run("pull", reference, "--timeout", "0.2"));
    assertEquals(11, run("list", "--zoo", registry.url(), "--offline"));
    assertEquals(2, run("list", "--zoo", registry.url(), "--timeout", "0"));
  }
}
