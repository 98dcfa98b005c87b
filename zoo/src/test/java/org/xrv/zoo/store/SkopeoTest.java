package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.bundle.Bundle;
import org.xrv.zoo.bundle.Export;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.Tag;

/** A tool that knows OCI only reads a model's directory, copies it away and back. */
class SkopeoTest {
  @TempDir Path folder;
  private Path layout;
  private Digest digest;

  /** What a run ended with and printed. */
  private record Result(int code, String output) {}

  private Result skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    return new Result(process.exitValue(), new String(output, StandardCharsets.UTF_8));
  }

  @BeforeEach
  void push() {
    boolean installed;
    try {
      installed = skopeo("--version").code() == 0;
    } catch (IOException e) {
      installed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      installed = false;
    }
    assumeTrue(installed, "needs skopeo on the path");
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    digest =
        zoo.push(Packages.write(folder.resolve("one"), "one"), model("ae:1.2.0-rc.1")).digest();
    zoo.push(Packages.write(folder.resolve("two"), "two"), model("ae:1.2.0"));
    layout = folder.resolve("zoo/library/ae");
  }

  @Test
  void shouldBeInspected() throws IOException, InterruptedException {
    Result inspected = skopeo("inspect", "oci:" + layout + ":1.2.0-rc.1");
    assertEquals(0, inspected.code(), inspected.output());
    assertTrue(inspected.output().contains("\"Digest\": \"" + digest + "\""), inspected.output());
    assertTrue(
        inspected.output().contains("\"org.cncf.model.format\": \"onnx\""), inspected.output());
    Result raw = skopeo("inspect", "--raw", "oci:" + layout + ":1.2.0-rc.1");
    assertEquals(0, raw.code(), raw.output());
    assertEquals(digest, Digest.of(raw.output().getBytes(StandardCharsets.UTF_8)));
    assertNotEquals(0, skopeo("inspect", "--raw", "oci:" + layout + ":9.9.9").code());
  }

  @Test
  void shouldBeInspectedWithMarksAndAliases() throws IOException, InterruptedException {
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    zoo.mark(model("ae:1.2.0-rc.1"), Mark.YANKED, "wrong labels");
    zoo.mark(model("ae:1.2.0"), Mark.DEPRECATED, "use 2.0.0");
    zoo.setAlias(model("ae:1.2.0"), new Tag.Alias("stable"));
    zoo.verifyAll();
    Result raw = skopeo("inspect", "--raw", "oci:" + layout + ":1.2.0-rc.1");
    assertEquals(0, raw.code(), raw.output());
    assertEquals(digest, Digest.of(raw.output().getBytes(StandardCharsets.UTF_8)));
    Result inspected = skopeo("inspect", "oci:" + layout + ":1.2.0");
    assertEquals(0, inspected.code(), inspected.output());
    Result alias = skopeo("inspect", "--raw", "oci:" + layout + ":stable");
    assertEquals(0, alias.code(), alias.output());
    assertEquals(
        zoo.resolve(ref("ae:1.2.0")).digest(),
        Digest.of(alias.output().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void shouldBeCopiedAwayAndBack() throws IOException, InterruptedException {
    Path away = folder.resolve("away");
    Result copied =
        skopeo("copy", "--preserve-digests", "oci:" + layout + ":1.2.0-rc.1", "oci:" + away + ":x");
    assertEquals(0, copied.code(), copied.output());
    byte[] manifest = Files.readAllBytes(away.resolve("blobs/sha256").resolve(digest.hex()));
    for (PackageFile file : Manifest.parse(manifest, "the copy").files()) {
      assertArrayEquals(
          Files.readAllBytes(file.path().in(folder.resolve("one"))),
          Files.readAllBytes(away.resolve("blobs/sha256").resolve(file.blob().digest().hex())));
    }
    Path back = folder.resolve("back");
    Result returned =
        skopeo("copy", "--preserve-digests", "oci:" + away + ":x", "oci:" + back + ":1.2.0-rc.1");
    assertEquals(0, returned.code(), returned.output());
    assertTrue(Files.exists(back.resolve("blobs/sha256").resolve(digest.hex())));
  }

  @Test
  void shouldReadABundleAndMakeOne() throws IOException, InterruptedException {
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    for (String kind : List.of("oci-archive", "oci")) {
      Path bundle = folder.resolve(kind.equals("oci") ? "bundle" : "bundle.tar");
      Export.write(zoo, List.of(ref("ae:1.2.0"), ref("ae:1.2.0-rc.1")), bundle, Set.of());
      Result raw = skopeo("inspect", "--raw", kind + ":" + bundle + ":ae:1.2.0-rc.1");
      assertEquals(0, raw.code(), raw.output());
      assertEquals(digest, Digest.of(raw.output().getBytes(StandardCharsets.UTF_8)));
      Result inspected = skopeo("inspect", kind + ":" + bundle + ":ae:1.2.0-rc.1");
      assertEquals(0, inspected.code(), inspected.output());
      Path theirs = folder.resolve(kind.equals("oci") ? "theirs" : "theirs.tar");
      Result copied =
          skopeo(
              "copy",
              "--preserve-digests",
              "oci:" + layout + ":1.2.0-rc.1",
              kind + ":" + theirs + ":lab/copy:1.2.0-rc.1");
      assertEquals(0, copied.code(), copied.output());
      LocalZoo there = new LocalZoo(folder.resolve("there-" + kind));
      try (Bundle opened = Bundle.open(theirs)) {
        there.adopt(opened.versions(), opened);
      }
      assertEquals(digest, there.pull(ref("lab/copy:1.2.0-rc.1")).digest());
    }
  }
}
