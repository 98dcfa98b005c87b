package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;

/**
 * The truth about which versions exist: one small file each, named after the version, with the
 * digest of its manifest. A file appears once, whole, and never changes.
 */
final class VersionRefs {
  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Links links;

  VersionRefs(ZooPaths paths, PartialFiles partial, Links links) {
    this.paths = paths;
    this.partial = partial;
    this.links = links;
  }

  /**
   * Publishes a version; of any number of callers with different digests, one wins.
   *
   * @return whether it is new here, or was removed; false when it existed with the same digest
   * @throws ProblemException VERSION_EXISTS when it exists with another digest
   */
  boolean publish(ModelVersion model, Digest digest) {
    Path ref = paths.ref(model.name(), model.version());
    byte[] content = (digest + "\n").getBytes(StandardCharsets.US_ASCII);
    Path part = partial.write("ref", ref, out -> out.write(content));
    try {
      PartialFiles.createDirectory(ref.getParent());
      if (!links.link(ref, part)) {
        create(ref, content);
      }
      AtomicFiles.syncDirectory(ref.getParent());
      return true;
    } catch (FileAlreadyExistsException e) {
      requireSame(model, digest);
      return restored(model);
    } catch (IOException e) {
      throw AtomicFiles.disk(ref, e);
    } finally {
      AtomicFiles.deleteTree(part);
    }
  }

  /** Exclusive as well; but a program that is killed within it leaves an empty file. */
  private static void create(Path ref, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(ref, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      } catch (IOException e) {
        Files.deleteIfExists(ref); // it is ours, and nobody reads an unfinished one
        throw e;
      }
    }
  }

  /**
   * Removes a version from this zoo. Its file stays, so the name never gets another digest; a mark
   * beside it says that the version is not here any more, until it is published again.
   */
  void remove(ModelVersion model) {
    partial.replace(paths.removed(model), new byte[0]);
  }

  private boolean restored(ModelVersion model) {
    Path file = paths.removed(model);
    try {
      boolean was = Files.deleteIfExists(file);
      if (was) {
        AtomicFiles.syncDirectory(file.getParent());
      }
      return was;
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /**
   * Refuses a digest that differs from a published one.
   *
   * @throws ProblemException VERSION_EXISTS, naming both
   */
  void requireSame(ModelVersion model, Digest digest) {
    Digest published = read(model).orElse(digest);
    if (!published.equals(digest)) {
      throw new ProblemException(
          ProblemKind.VERSION_EXISTS,
          model
              + " exists already as "
              + published
              + " and never changes; these files are "
              + digest
              + ": push them under a new version");
    }
  }

  /**
   * The digest of a version.
   *
   * @throws ProblemException DIGEST_MISMATCH when its file holds none
   */
  Optional<Digest> read(ModelVersion model) {
    Path ref = paths.ref(model.name(), model.version());
    for (int attempt = 0; ; attempt++) {
      Optional<String> text = content(ref);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      Optional<Digest> digest = digest(text.get());
      if (digest.isPresent()) {
        return digest;
      }
      // Without hard links, another program may be between creating the file and writing it.
      if (attempt == 20 || !pause()) {
        throw unfinished(ref);
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(50);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProblemException unfinished(Path ref) {
    return new ProblemException(
        ProblemKind.DIGEST_MISMATCH,
        ref + " holds no digest, so the version is not published; delete the file and push again");
  }

  /** All published versions of a model; none when there is no such model. */
  SortedMap<SemanticVersion, Digest> all(ModelName name) {
    SortedMap<SemanticVersion, Digest> found = new TreeMap<>();
    for (SemanticVersion version : named(name)) {
      content(paths.ref(name, version))
          .flatMap(VersionRefs::digest)
          .ifPresent(d -> found.put(version, d));
    }
    return found;
  }

  /** Versions that have a file, finished or not, and were not removed. */
  List<SemanticVersion> named(ModelName name) {
    List<SemanticVersion> found = new ArrayList<>();
    Set<String> states = Set.copyOf(names(paths.states(name)));
    for (String file : names(paths.versions(name))) {
      // Other names are something of the file system or of the user.
      if (SemanticVersion.isVersion(file) && !states.contains(file + ZooPaths.REMOVED)) {
        found.add(SemanticVersion.parse(file));
      }
    }
    return found;
  }

  /** All models with at least one published version, in order. */
  List<ModelName> models() {
    return layouts().stream().filter(name -> !named(name).isEmpty()).toList();
  }

  /** All names that have a directory, with or without versions, in order. */
  List<ModelName> layouts() {
    List<ModelName> found = new ArrayList<>();
    for (String namespace : names(paths.root())) {
      for (String name :
          ModelName.isComponent(namespace)
              ? names(paths.root().resolve(namespace))
              : List.<String>of()) {
        if (ModelName.isComponent(name)) {
          found.add(new ModelName(namespace, name));
        }
      }
    }
    return found.stream().sorted().toList();
  }

  /** What a directory holds; nothing when there is none. */
  static List<String> names(Path directory) {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(e -> found.add(e.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(directory, e);
    }
    return found;
  }

  /** The text of a small file, if there is one. */
  static Optional<String> content(Path ref) {
    try {
      return Optional.of(Files.readString(ref, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(ref, e);
    }
  }

  private static Optional<Digest> digest(String text) {
    try {
      return text.endsWith("\n") ? Optional.of(Digest.parse(text.strip())) : Optional.empty();
    } catch (ProblemException e) {
      return Optional.empty();
    }
  }

  private static ProblemException unreadable(Path path, Exception e) {
    return new ProblemException(
        ProblemKind.DISK,
        "cannot read " + path + ": " + e.getMessage() + "; check its permissions",
        e);
  }
}
