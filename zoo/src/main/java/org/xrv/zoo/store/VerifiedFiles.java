package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.xrv.zoo.name.Digest;

/**
 * Which files this process has compared with their digests, so that a blob that was hashed on its
 * way to the disk is not read again at once. A file that was written since, or replaced, is another
 * one. For use by several threads.
 */
final class VerifiedFiles {
  /** What tells a file from another one, and from itself before it was written again. */
  record Stamp(String key, long size, long written) {
    Stamp {
      Objects.requireNonNull(key);
    }

    /** Of a file; empty when it cannot be looked at, or is none. */
    static Optional<Stamp> of(Path file) {
      try {
        BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
        // Windows has no keys; there a file is known by its name.
        String key = a.fileKey() == null ? "-" : a.fileKey().toString().replace(' ', '_');
        return a.isRegularFile()
            ? Optional.of(new Stamp(key, a.size(), a.lastModifiedTime().to(TimeUnit.NANOSECONDS)))
            : Optional.empty();
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    private Object file(Path path) {
      return key.equals("-") ? path.toAbsolutePath().normalize() : key;
    }
  }

  private record Known(Stamp stamp, Digest digest) {}

  private final Map<Object, Known> known = new ConcurrentHashMap<>();

  /** Remembers a file whose bytes were just compared. */
  void add(Path file, Digest digest) {
    Stamp.of(file).ifPresent(s -> known.put(s.file(file), new Known(s, digest)));
  }

  /** Whether the file is as it was when its bytes were compared with this digest. */
  boolean isKnown(Path file, Digest digest) {
    return Stamp.of(file)
        .map(s -> new Known(s, digest).equals(known.get(s.file(file))))
        .orElse(false);
  }

  /** As {@link Blob#damage}, without reading what is known. */
  Optional<String> damage(Blob blob, Path file) {
    Optional<Stamp> before = Stamp.of(file);
    if (before.isPresent() && isKnown(file, blob.digest())) {
      return Optional.empty();
    }
    Optional<String> damage = blob.damage(file);
    // Not what was written while it was read.
    if (damage.isEmpty() && before.isPresent() && before.equals(Stamp.of(file))) {
      known.put(before.get().file(file), new Known(before.get(), blob.digest()));
    }
    return damage;
  }
}
