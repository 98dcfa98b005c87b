package org.xrv.zoo.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.registry.CredentialFile;

/**
 * Tries on a zoo's file system what the zoo relies on, with small files in {@code _partial} that
 * are deleted again, and looks at what the machine has.
 */
public final class Doctor {
  private static final long LITTLE_SPACE = 2L << 30;
  private static final Duration LITTLE_SKEW = Duration.ofMinutes(2);
  private static final Duration LARGE_SKEW = Duration.ofHours(12);
  private static final Duration FAST = Duration.ofMillis(500);

  private final Path root;
  private final Map<String, String> environment;

  /**
   * For one zoo.
   *
   * @param environment such as {@code System.getenv()}
   */
  public Doctor(Path root, Map<String, String> environment) {
    this.root = root.toAbsolutePath().normalize();
    this.environment = Map.copyOf(environment);
  }

  /** One examination. */
  @FunctionalInterface
  private interface Examination {
    Finding examine(Path directory) throws IOException;
  }

  /** Examines everything; never throws for what it finds. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(configured());
    findings.add(credentials());
    boolean existed = Files.exists(root);
    Path directory = root.resolve("_partial").resolve("doctor." + UUID.randomUUID());
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      findings.add(
          Finding.fail(
              "writing",
              "cannot write to " + root + ": " + AtomicFiles.reason(e),
              Files.isWritable(root)
                  ? "look at the file system"
                  : "ask its owner for permission, or name another zoo with --zoo; models that were"
                      + " pulled before can be used (xrv-zoo path)"));
      return findings;
    }
    try {
      findings.add(Finding.ok("writing", "files can be written to " + root));
      add("file system", Doctor::fileSystem, directory, findings);
      add("free space", Doctor::space, directory, findings);
      add("rename", Doctor::rename, directory, findings);
      add("hard links", Doctor::links, directory, findings);
      add("exclusive create", Doctor::exclusive, directory, findings);
      add("fsync", Doctor::sync, directory, findings);
      add("capitals", Doctor::capitals, directory, findings);
      add("permissions", Doctor::permissions, directory, findings);
      add("clock", Doctor::clock, directory, findings);
    } finally {
      AtomicFiles.deleteTree(directory);
      if (!existed) { // a look should not make a zoo
        root.resolve("_partial").toFile().delete();
        root.toFile().delete();
      }
    }
    return findings;
  }

  private static void add(
      String name, Examination examination, Path directory, List<Finding> findings) {
    try {
      findings.add(examination.examine(directory));
    } catch (IOException e) {
      findings.add(
          Finding.fail(
              name,
              "does not work: " + AtomicFiles.reason(e),
              "put the zoo on another file system"));
    }
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    String found = Runtime.version() + ", " + System.getProperty("java.home");
    return feature >= 17
        ? Finding.ok("Java", found)
        : Finding.fail("Java", found, "install Java 17 or newer");
  }

  private Finding configured() {
    boolean named = !environment.getOrDefault("XRV_ZOO", "").isEmpty();
    String found =
        root
            + (Files.isDirectory(root) ? "" : ", which does not exist yet")
            + (named ? " (XRV_ZOO is set)" : "");
    if (Files.exists(root) && !Files.isDirectory(root)) {
      return Finding.fail("zoo", root + " is a file", "name a directory with --zoo or XRV_ZOO");
    }
    return Finding.ok("zoo", found);
  }

  /** Where login keeps passwords and tokens. */
  private Finding credentials() {
    Path file =
        CredentialFile.of(UserDirectories.of(environment, Path.of(System.getProperty("user.home"))))
            .file();
    if (!Files.exists(file)) {
      return Finding.ok("credentials", "none are stored");
    }
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      boolean open = mode.stream().anyMatch(p -> !p.name().startsWith("OWNER_"));
      return open
          ? Finding.fail("credentials", file + " can be read by others", "run chmod 600 " + file)
          : Finding.ok("credentials", file + " is its owner's alone");
    } catch (UnsupportedOperationException e) {
      return Finding.ok("credentials", file + ", on a file system without modes");
    } catch (IOException e) {
      return Finding.warn(
          "credentials",
          "cannot look at " + file + ": " + AtomicFiles.reason(e),
          "look at its permissions");
    }
  }

  private static Finding fileSystem(Path directory) throws IOException {
    FileStore store = Files.getFileStore(directory);
    String type = store.type().toLowerCase(Locale.ROOT);
    return type.startsWith("nfs") || type.startsWith("cifs") || type.startsWith("smb")
        ? Finding.warn(
            "file system",
            store.type() + ", shared by several machines",
            "it works, and gc waits until all machines see the same (five minutes)")
        : Finding.ok("file system", store.type());
  }

  private static Finding space(Path directory) throws IOException {
    FileStore store = Files.getFileStore(directory);
    long free = store.getUsableSpace();
    String found =
        String.format(
            Locale.ROOT, "%.1f of %.1f GB are free", free / 1e9, store.getTotalSpace() / 1e9);
    return free >= LITTLE_SPACE
        ? Finding.ok("free space", found)
        : Finding.warn("free space", found, "free some, such as with xrv-zoo gc");
  }

  private static Finding rename(Path directory) throws IOException {
    Path a = Files.writeString(directory.resolve("rename-a"), "new");
    Path b = Files.writeString(directory.resolve("rename-b"), "old");
    Files.move(a, b, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    boolean right = Files.readString(b).equals("new") && !Files.exists(a);
    return right
        ? Finding.ok("rename", "replaces a file in one step")
        : Finding.fail(
            "rename", "does not replace a file in one step", "put the zoo on another file system");
  }

  private static Finding links(Path directory) throws IOException {
    Path a = Files.writeString(directory.resolve("link-a"), "a");
    Path b = directory.resolve("link-b");
    try {
      Files.createLink(b, a);
    } catch (UnsupportedOperationException | IOException e) {
      return Finding.warn(
          "hard links",
          "there are none here",
          "it works, but files are copied: each model takes its space three times");
    }
    try {
      Files.createLink(b, a);
      return Finding.fail(
          "hard links", "replace other files", "put the zoo on another file system");
    } catch (FileAlreadyExistsException e) {
      return Files.isSameFile(a, b)
          ? Finding.ok("hard links", "models share their bytes")
          : Finding.warn("hard links", "are copies here", "each model takes its space three times");
    }
  }

  private static Finding exclusive(Path directory) throws IOException {
    Path file = directory.resolve("exclusive");
    for (int i = 0; i < 2; i++) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[] {1}));
        if (i == 1) {
          return Finding.fail(
              "exclusive create",
              "two programs can create the same file",
              "put the zoo on another file system");
        }
      } catch (FileAlreadyExistsException e) {
        break;
      }
    }
    return Finding.ok("exclusive create", "one winner for each name");
  }

  private static Finding sync(Path directory) throws IOException {
    long start = System.nanoTime();
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("sync"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[4096]));
      channel.force(true);
    }
    AtomicFiles.syncDirectory(directory);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    String found = took.toMillis() + " ms for a file and its directory";
    return took.compareTo(FAST) <= 0
        ? Finding.ok("fsync", found)
        : Finding.warn("fsync", found, "the disk is slow or busy; pushes take longer");
  }

  private static Finding capitals(Path directory) throws IOException {
    Files.writeString(directory.resolve("Capital"), "");
    return Files.exists(directory.resolve("capital"))
        ? Finding.warn(
            "capitals",
            "'A' and 'a' are the same name here",
            "nothing for the zoo, whose names are in lower case; mind it in names of files that you"
                + " push")
        : Finding.ok("capitals", "'A' and 'a' are different names");
  }

  private static Finding permissions(Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("read-only"), "a");
    if (!file.toFile().setReadOnly()) {
      return Finding.fail(
          "permissions", "files cannot be made read-only", "put the zoo on another file system");
    }
    if (!file.toFile().delete()) {
      return Finding.warn(
          "permissions",
          "read-only files cannot be deleted",
          "gc and rm will keep what they should delete; look at the directory's permissions");
    }
    return Finding.ok("permissions", "files can be made read-only, and deleted again");
  }

  private static Finding clock(Path directory) throws IOException {
    Instant before = Instant.now();
    Path file = Files.writeString(directory.resolve("clock"), "");
    Instant stamped = Files.getLastModifiedTime(file).toInstant();
    Duration skew = Duration.between(before, stamped);
    String found =
        String.format(
            Locale.ROOT, "the file system's differs from ours by %.1f s", skew.toMillis() / 1e3);
    if (skew.abs().compareTo(LITTLE_SKEW) <= 0) {
      return Finding.ok("clock", found);
    }
    return skew.abs().compareTo(LARGE_SKEW) <= 0
        ? Finding.warn("clock", found, "set the clocks (NTP): times in logs will be wrong")
        : Finding.fail(
            "clock",
            found,
            "set the clocks (NTP): what is being written may be taken for a leftover");
  }
}
