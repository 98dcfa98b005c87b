package org.xrv.zoo.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/**
 * Where blobs are between "nothing needs it" and their end. Whoever finds a blob missing looks here
 * and puts it back, so that a garbage collection which was wrong, or was killed, takes nothing
 * away.
 */
final class Quarantine {
  private static final int HEX = 64;

  /** Stands for the pool; no namespace begins with '_'. */
  private static final String POOL = "_blobs";

  private final ZooPaths paths;
  private final Links links;

  Quarantine(ZooPaths paths, Links links) {
    this.paths = paths;
    this.links = links;
  }

  /**
   * A name of a blob.
   *
   * @param model whose layout has it; empty for the pool
   */
  record Place(Optional<ModelName> model, Digest digest) {
    Path in(ZooPaths paths) {
      return model.map(m -> paths.blob(m, digest)).orElseGet(() -> paths.pooled(digest));
    }
  }

  /** A blob that is here, and where it was. */
  record Held(Place place, Path file) {}

  /** Moves a blob here, if it is still where it was. */
  Optional<Held> take(Place place) throws IOException {
    Path home = place.in(paths);
    Path file = directory(place.model()).resolve(place.digest().hex() + "." + UUID.randomUUID());
    PartialFiles.createDirectory(file.getParent());
    try {
      Files.move(home, file, StandardCopyOption.ATOMIC_MOVE);
      return Optional.of(new Held(place, file));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // another collection was faster
    }
  }

  private Path directory(Optional<ModelName> model) {
    return model
        .map(m -> paths.quarantine().resolve(m.namespace()).resolve(m.name()))
        .orElseGet(() -> paths.quarantine().resolve(POOL));
  }

  /** All that is here, whoever brought it. */
  List<Held> held() {
    List<Held> found = new ArrayList<>();
    for (String namespace : VersionRefs.names(paths.quarantine())) {
      if (namespace.equals(POOL)) {
        held(Optional.empty(), found);
      } else if (ModelName.isComponent(namespace)) {
        for (String name : VersionRefs.names(paths.quarantine().resolve(namespace))) {
          if (ModelName.isComponent(name)) {
            held(Optional.of(new ModelName(namespace, name)), found);
          }
        }
      }
    }
    return found;
  }

  private void held(Optional<ModelName> model, List<Held> into) {
    Path directory = directory(model);
    for (String file : VersionRefs.names(directory)) {
      if (file.length() > HEX && Digest.isHex(file.substring(0, HEX))) {
        Place place = new Place(model, new Digest(file.substring(0, HEX)));
        into.add(new Held(place, directory.resolve(file)));
      }
    }
  }

  /**
   * Puts all names of a blob back.
   *
   * @return whether there were any
   */
  boolean restore(Digest digest) throws IOException {
    boolean any = false;
    for (Held held : held()) {
      if (held.place().digest().equals(digest)) {
        putBack(held);
        any = true;
      }
    }
    return any;
  }

  /** Gives a blob its name again, unless something has it by now. */
  void putBack(Held held) throws IOException {
    Path home = held.place().in(paths);
    try {
      if (!Files.exists(home)) {
        PartialFiles.createDirectory(home.getParent());
        if (!links.link(home, held.file())) {
          Files.move(held.file(), home);
        }
        AtomicFiles.syncDirectory(home.getParent());
      }
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      // Somebody put it there again, or put this one back, at the same time.
    }
    AtomicFiles.deleteTree(held.file());
  }
}
