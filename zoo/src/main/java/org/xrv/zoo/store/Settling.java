package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * How long to wait until what one machine did to a file system is what every machine sees. Within
 * one machine that is at once. An NFS client may show names and times that are a minute old
 * (acregmax and acdirmax of nfs(5) are 60 seconds): one minute for the other program's view and one
 * for ours.
 */
final class Settling {
  private static final Set<String> LOCAL =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "zfs",
          "tmpfs",
          "overlay",
          "overlayfs",
          "f2fs",
          "apfs",
          "hfs",
          "ntfs",
          "exfat",
          "vfat",
          "msdos",
          "ramfs",
          "bcachefs",
          "jfs",
          "reiserfs");
  private static final Duration NETWORK = Duration.ofSeconds(150);

  private final Path root;

  Settling(Path root) {
    this.root = root;
  }

  /** Zero where a file system is known to be of one machine only. */
  Duration duration() {
    try {
      String type = Files.getFileStore(root).type().toLowerCase(Locale.ROOT);
      return LOCAL.contains(type) ? Duration.ZERO : NETWORK;
    } catch (IOException e) {
      return NETWORK;
    }
  }

  void pause() {
    try {
      Thread.sleep(duration().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(ProblemKind.PREEMPTED, "interrupted; nothing was deleted", e);
    }
  }
}
