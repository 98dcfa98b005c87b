package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.io.Digests;
import org.xrv.zoo.store.Packages;

/** gc, rm, verify --repair and completion, as a user meets them. */
class KeepingTest {
  @TempDir Path folder;
  private ZooRunner zoo;
  private String one;
  private String two;
  private String pinned;

  @BeforeEach
  void push() {
    zoo = new ZooRunner(folder.resolve("zoo"));
    one = Packages.write(folder.resolve("one"), "one").toString();
    two = Packages.write(folder.resolve("two"), "two").toString();
    pinned = zoo.done("push", one, "ae:1.0.0");
    zoo.done("push", two, "ae:1.1.0");
  }

  private Path blob(Path directory, String file) {
    String hex = Digests.sha256(Path.of(one).resolve(file));
    return folder.resolve("zoo").resolve(directory).resolve("sha256").resolve(hex);
  }

  private Path pooled(String file) {
    return blob(Path.of("_blobs"), file);
  }

  private Path own(String file) {
    return blob(Path.of("library/ae/blobs"), file);
  }

  private static void damage(Path file) throws IOException {
    assertTrue(file.toFile().setWritable(true));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** Makes the names of a blob files of their own, as on file systems without links. */
  private static void part(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(file, bytes);
  }

  @Test
  void shouldForgetAVersionAndFreeItsBytes() throws IOException {
    Path snapshot = Path.of(zoo.done("pull", "ae:1.0.0"));
    zoo.refused(2, "full version", "rm", "--forget", "ae:1");
    zoo.refused(3, "no version '3.0.0'", "rm", "ae:3.0.0");
    assertEquals("ae:1.0.0: its directory is deleted; the version stays", zoo.done("rm", "ae:1.0"));
    assertFalse(Files.exists(snapshot));
    assertEquals("ae:1.0.0 was not pulled", zoo.done("rm", "ae:1.0"));
    assertEquals(snapshot.toString(), zoo.done("pull", "ae:1.0.0"));
    zoo.done("alias", "set", "ae:stable", "1.0.0");
    zoo.refused(2, "alias 'stable' means ae:1.0.0; move it", "rm", "--forget", "ae:1.0.0");
    zoo.done("alias", "rm", "ae:stable");
    assertEquals(
        pinned + " is removed; xrv-zoo gc frees its bytes", zoo.done("rm", "--forget", "ae:1.0.0"));
    assertEquals("ae  1.1.0", zoo.done("list"));
    zoo.refused(3, "no version '1.0.0' of ae", "pull", "ae:1.0.0");

    assertTrue(zoo.done("gc").startsWith("0 files and directories deleted; 0 bytes"));
    assertTrue(zoo.done("gc").contains("8 kept: younger than 24 hours"), "pool and layout");
    JsonNode dry = zoo.json("gc", "--dry-run", "--older-than", "0");
    assertEquals(8, dry.path("items").size());
    assertTrue(dry.path("freed").asLong() > 10_000);
    assertTrue(Files.exists(pooled("encoder.onnx")));
    JsonNode done = zoo.json("gc", "--older-than", "0");
    assertEquals(dry.path("items"), done.path("items"));
    assertEquals(dry.path("freed"), done.path("freed"));
    assertFalse(Files.exists(pooled("encoder.onnx")));
    assertTrue(Files.exists(pooled("decoder.onnx")));
    assertEquals("1 of 1 versions are sound", zoo.done("verify", "--all"));
    zoo.refused(9, "never changes", "push", two, "ae:1.0.0");
    assertEquals(pinned, zoo.done("push", one, "ae:1.0.0"));
    assertEquals("2 of 2 versions are sound", zoo.done("verify", "--all"));
    zoo.refused(2, "number of hours", "gc", "--older-than", "-1");
  }

  @Test
  void shouldRepairFromAnotherNameOfTheSameBytes() throws IOException {
    part(own("encoder.onnx"));
    damage(own("encoder.onnx"));
    Files.delete(pooled("docs/README.md"));
    assertEquals(5, zoo.run("verify", "--all"));
    JsonNode json = zoo.json("verify", "--all", "--repair");
    assertEquals("docs/README.md", json.path("mended").get(0).path("what").asText());
    assertEquals("encoder.onnx", json.path("mended").get(1).path("what").asText(), json.toString());
    assertEquals(
        "_blobs/sha256/" + pooled("encoder.onnx").getFileName(),
        json.path("mended").get(1).path("from").asText());
    assertTrue(Files.isSameFile(own("encoder.onnx"), pooled("encoder.onnx")));
    assertTrue(Files.isSameFile(own("docs/README.md"), pooled("docs/README.md")));
    assertEquals(0, zoo.json("verify", "--all", "--repair").path("mended").size());
  }

  @Test
  void shouldFetchOnlyWhatIsBroken() throws IOException {
    String bundle = folder.resolve("b.tar").toString();
    zoo.done("export", "ae:1.0.0", "--out", bundle);
    Path snapshot = Path.of(zoo.done("pull", "ae:1.0.0"));
    damage(own("encoder.onnx")); // the pool's and the snapshot's are the same file
    Path manifest =
        folder
            .resolve("zoo/library/ae/blobs/sha256")
            .resolve(pinned.substring(pinned.length() - 64));
    Files.delete(manifest);
    Files.delete(folder.resolve("zoo/_blobs/sha256").resolve(manifest.getFileName().toString()));
    Files.delete(folder.resolve("zoo/library/ae/index.json"));
    assertEquals(5, zoo.run("verify", "--repair", "ae:1.0.0"), zoo.err());
    assertTrue(zoo.err().contains("the manifest is damaged"), zoo.err());
    zoo.refused(2, "--from goes with --repair", "verify", "ae:1.0.0", "--from", bundle);

    // A bundle with another file damaged serves as well: that file is not read.
    byte[] bytes = Files.readAllBytes(Path.of(bundle));
    byte[] decoder = Files.readAllBytes(Path.of(two).resolve("decoder.onnx"));
    int at = indexOf(bytes, decoder);
    bytes[at + 100] ^= 1;
    Files.write(Path.of(bundle), bytes);
    JsonNode json = zoo.json("verify", "--all", "--repair", "--from", bundle);
    List<String> mended =
        Stream.of(0, 1, 2, 3).map(i -> json.path("mended").path(i).path("what").asText()).toList();
    assertEquals("the manifest", mended.get(0));
    assertEquals("encoder.onnx", mended.get(1));
    assertEquals(snapshot.toString(), mended.get(2), json.toString());
    assertTrue(mended.get(3).endsWith("index.json"), json.toString());
    assertEquals(bundle, json.path("mended").get(1).path("from").asText());
    assertEquals("2 of 2 versions are sound", zoo.done("verify", "--all"));
    assertEquals(snapshot.toString(), zoo.done("pull", "ae:1.0.0"));

    damage(own("decoder.onnx"));
    assertEquals(5, zoo.run("verify", "--all", "--repair", "--from", bundle));
    assertTrue(zoo.err().contains("decoder.onnx is damaged"), zoo.err());
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (java.util.Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  @Test
  void shouldBringMarksAndAliasesWithABundle() throws IOException {
    zoo.done("yank", "ae:1.0.0", "--reason", "wrong labels");
    zoo.done("deprecate", "ae:1.1.0", "--message", "use ae:2.0.0");
    zoo.done("alias", "set", "ae:stable", "1.1.0");
    String bundle = folder.resolve("b.tar").toString();
    zoo.done("export", pinned, "ae:1.1.0", "--out", bundle);
    ZooRunner there = new ZooRunner(folder.resolve("there"));
    there.done("pull", "ae:stable", "--from", bundle, "--allow-unsigned");
    assertTrue(there.err().contains("ae:stable is 1.1.0"), there.err());
    assertTrue(there.err().contains("warning: ae:1.1.0 is deprecated"), there.err());
    assertEquals(
        10, there.run("pull", "ae:1.0.0", "--from", bundle, "--allow-unsigned"), there.err());
    assertTrue(there.err().contains("ae:1.0.0 is yanked: wrong labels"), there.err());
    assertTrue(there.done("pull", pinned, "--from", bundle, "--allow-unsigned").contains("1.0.0-"));
    assertEquals("wrong labels", there.json("show", "ae:1.0.0").path("yanked").asText());
    assertEquals("1.1.0", there.json("alias", "list", "ae").path("stable").asText());
    ZooRunner elsewhere = new ZooRunner(folder.resolve("elsewhere"));
    elsewhere.done("import", bundle, "--allow-unsigned");
    assertTrue(elsewhere.err().contains("ae:1.0.0 is yanked: wrong labels"), elsewhere.err());
    assertTrue(elsewhere.done("list").contains("1.0.0 (yanked) 1.1.0 (deprecated)"));
  }

  @Test
  void shouldCompleteCommandsAndOptions() {
    String script = zoo.done("completion", "bash");
    assertTrue(script.contains("verify") && script.contains("--older-than"), script);
    zoo.refused(2, "name bash or zsh", "completion", "fish");
  }
}
