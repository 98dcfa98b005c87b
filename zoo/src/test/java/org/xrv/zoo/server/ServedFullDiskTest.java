package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Verification;

/** The disk of a server gets full, or turns out to be read-only. */
class ServedFullDiskTest {
  @TempDir Path folder;
  private Path small;
  private boolean mounted;
  private Served served;

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @BeforeEach
  void mount() throws IOException {
    small = Files.createDirectory(folder.resolve("small"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "xrv-test", small.toString());
    assumeTrue(mounted, "needs permission to mount a small tmpfs");
    served = Served.open(small.resolve("zoo"));
    served.push(Packages.write(folder.resolve("fits"), "{}", "fits", 300_000), "ae:1.0.0");
  }

  @AfterEach
  void unmount() {
    if (served != null) {
      served.close();
    }
    if (mounted) {
      run("umount", small.toString());
    }
  }

  private void oneLine(String reason) {
    assertEquals(1, served.problems.size(), served.problems.toString());
    assertTrue(served.problems.get(0).contains(reason), served.problems.get(0));
    assertEquals(1, served.problems.get(0).lines().count());
    served.problems.clear();
  }

  private void everythingIsThere() {
    served.done(200, "GET", "/v2/ae/manifests/1.0.0", null);
    assertEquals(
        300_000, served.done(200, "GET", "/models/ae/1.0.0/encoder.onnx", null).body().length);
    assertEquals(1, served.zoo.list().get(0).versions().size());
    assertTrue(served.zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldSayThatTheDiskIsFull() throws IOException {
    byte[] large = new byte[1_800_000];
    String path = "/v2/ae/blobs/uploads/?digest=" + Digest.of(large);
    String message = served.refused(507, OciCode.UNKNOWN, "POST", path, large);
    assertFalse(message.contains(small.toString()), message);
    oneLine("No space left on device");
    everythingIsThere();
    String url =
        Served.header(served.done(202, "POST", "/v2/ae/blobs/uploads/", new byte[0]), "Location");
    served.refused(507, OciCode.UNKNOWN, "PATCH", url, large);
    oneLine("No space left on device");
    try (var left = Files.list(small.resolve("zoo/_partial"))) {
      assertEquals(List.of(), left.toList(), "others may use the space");
    }
    // The blobs fit, the rest of the version does not.
    Path next = Packages.write(folder.resolve("next"), "{}", "next", 300_000);
    byte[] manifest = served.blobs("ae", next);
    Path filler = small.resolve("filler");
    Files.write(filler, new byte[(int) Files.getFileStore(small).getUsableSpace()]);
    HttpResponse<byte[]> put = served.putManifest("ae", "2.0.0", manifest);
    assertEquals(507, put.statusCode(), Served.text(put));
    oneLine("No space left on device");
    everythingIsThere();
    Files.delete(filler);
    assertEquals(201, served.putManifest("ae", "2.0.0", manifest).statusCode());
    assertTrue(served.zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldServeAReadOnlyDisk() {
    byte[] manifest = served.blobs("ae", folder.resolve("fits"));
    assumeTrue(run("mount", "-o", "remount,ro", small.toString()), "needs to mount read-only");
    everythingIsThere();
    served.refused(503, OciCode.UNKNOWN, "POST", "/v2/ae/blobs/uploads/", new byte[0]);
    oneLine("Read-only file system");
    assertEquals(503, served.putManifest("ae", "2.0.0", manifest).statusCode());
    oneLine("Read-only file system");
    everythingIsThere();
    served.done(200, "GET", "/healthz", null);
  }
}
