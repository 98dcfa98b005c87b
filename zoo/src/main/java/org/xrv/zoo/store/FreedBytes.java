package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Counts what the file system gets back when names of files go: a file goes with its last name. */
final class FreedBytes {
  private record Names(long size, int links, int gone) {}

  private final Map<Object, Names> files = new HashMap<>();
  private long bytes;

  /** A name that is about to go. */
  void add(Path file) throws IOException {
    long size = Files.size(file);
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      bytes += size;
      return;
    }
    Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,nlink");
    Names before =
        files.getOrDefault(
            attributes.get("ino"), new Names(size, (Integer) attributes.get("nlink"), 0));
    Names after = new Names(size, before.links(), before.gone() + 1);
    files.put(attributes.get("ino"), after);
    if (after.gone() == after.links()) {
      bytes += size;
    }
  }

  long bytes() {
    return bytes;
  }
}
