package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/**
 * Blobs on their way to a version: they arrive one by one, in pieces, before the manifest that
 * names them. What is complete lies in the pool and in the layout of the model it was sent for.
 * Nothing refers to it until the version is published, so it must be kept for some time.
 */
public final class Depot {
  private static final String STEM = "upload-";
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final ZooPaths paths;
  private final PartialFiles partial;
  private final Blobs blobs;
  private final Clock clock;

  Depot(ZooPaths paths, PartialFiles partial, Blobs blobs, Clock clock) {
    this.paths = paths;
    this.partial = partial;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** The file of a blob that a model has; what other models have is none of its business. */
  public Optional<Path> find(ModelName name, Digest digest) {
    return Optional.of(paths.blob(name, digest)).filter(Files::isRegularFile);
  }

  /**
   * Gives a model a blob of another one, after reading it.
   *
   * @return false when the other model does not have it, or has a damaged one
   * @throws ProblemException DISK
   */
  public boolean share(ModelName from, ModelName to, Digest digest) {
    Optional<Path> file = find(from, digest);
    if (file.isEmpty()) {
      return false;
    }
    Blob blob = new Blob(digest, file.get().toFile().length());
    if (blob.damage(file.get()).isPresent()) {
      return false;
    }
    blobs.add(to, blob, () -> Files.newInputStream(file.get()), file.get().toString());
    return true;
  }

  /**
   * Whether a model's blob holds other bytes than its digest says.
   *
   * @return false when there is none
   */
  public boolean isDamaged(ModelName name, Digest digest) {
    return find(name, digest)
        .map(f -> new Blob(digest, f.toFile().length()).damage(f).isPresent())
        .orElse(false);
  }

  /**
   * Begins to receive a blob.
   *
   * @throws ProblemException DISK
   */
  public Upload begin(ModelName name) {
    String id = UUID.randomUUID().toString();
    Path file = file(name, id);
    try {
      PartialFiles.createDirectory(file.getParent());
      Files.createFile(file);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
    return new Upload(id, name, file, partial, blobs);
  }

  /** What was begun and neither finished nor forgotten, by any process. */
  public Optional<Upload> upload(ModelName name, String id) {
    return ID.matcher(id).matches() && Files.isRegularFile(file(name, id))
        ? Optional.of(new Upload(id, name, file(name, id), partial, blobs))
        : Optional.empty();
  }

  /** The sizes of all blobs that are being received, in bytes. */
  public List<Long> unfinished() {
    List<Long> sizes = new ArrayList<>();
    for (String file : VersionRefs.names(paths.partial())) {
      if (file.startsWith(STEM)) {
        sizes.add(paths.partial().resolve(file).toFile().length());
      }
    }
    return sizes;
  }

  /** Forgets what nobody went on with for a day. */
  public void clean() {
    partial.clean(clock.instant());
  }

  /** An id is worth nothing for another model: who may write there is decided by its name. */
  private Path file(ModelName name, String id) {
    String model = name.namespace() + "/" + name.name();
    return paths
        .partial()
        .resolve(
            STEM
                + Digest.of(model.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                    .abbreviated()
                + "-"
                + id
                + ".part");
  }
}
