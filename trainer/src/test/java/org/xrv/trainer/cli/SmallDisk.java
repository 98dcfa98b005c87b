package org.xrv.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A disk of a few megabytes for a test; the test is skipped where this user may not mount. */
final class SmallDisk implements AutoCloseable {
  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  static SmallDisk mount(Path root, String size) throws IOException {
    Files.createDirectories(root);
    Assumptions.assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=" + size, "xrv-test", root.toString()),
        "needs permission to mount a small tmpfs");
    return new SmallDisk(root);
  }

  Path root() {
    return root;
  }

  /** Leaves so many bytes, in whole pages; deleting the file gives the others back. */
  Path fillUpTo(long free) throws IOException {
    Path filler = root.resolve("filler");
    Files.deleteIfExists(filler);
    Files.write(filler, new byte[(int) (Files.getFileStore(root).getUsableSpace() - free)]);
    return filler;
  }

  void readOnly(boolean readOnly) throws IOException {
    String option = "remount," + (readOnly ? "ro" : "rw");
    if (!command("mount", "-o", option, root.toString())) {
      throw new IOException("cannot " + option + " " + root);
    }
  }

  private static boolean command(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    if (!command("umount", root.toString())) {
      command("umount", "-l", root.toString());
    }
  }
}
