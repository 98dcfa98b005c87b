package org.xrv.zoo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.store.GarbageReport.Outcome;
import org.xrv.zoo.store.Quarantine.Held;
import org.xrv.zoo.store.Quarantine.Place;

/**
 * Deletes what no version needs: it moves it aside, looks again who needs it, and deletes or puts
 * back. A publisher pins its blobs, looks whether they are there, names its version, and looks once
 * more. Of the two, one always sees what the other did (docs/decisions/013).
 */
final class GarbageCollection {
  /** A version may be removed and published again while it is looked at. */
  private static final int ATTEMPTS = 5;

  private final ZooPaths paths;
  private final PartialFiles partial;
  private final VersionRefs refs;
  private final Pins pins;
  private final Quarantine quarantine;
  private final Function<Resolved, Manifest> manifests;
  private final Settling settling;

  GarbageCollection(
      ZooPaths paths,
      PartialFiles partial,
      VersionRefs refs,
      Pins pins,
      Quarantine quarantine,
      Function<Resolved, Manifest> manifests) {
    this.paths = paths;
    this.partial = partial;
    this.refs = refs;
    this.pins = pins;
    this.quarantine = quarantine;
    this.manifests = manifests;
    this.settling = new Settling(paths.root());
  }

  GarbageReport collect(boolean dryRun, Duration grace) {
    if (!Files.isDirectory(paths.root())) {
      return new GarbageReport(List.of(), 0, 0, 0);
    }
    Run run = new Run(dryRun, grace, partial.now());
    try {
      run.blobs();
      run.leftovers();
      return run.report();
    } catch (IOException e) {
      throw AtomicFiles.disk(paths.root(), e);
    }
  }

  /** Pins first: a pin that is gone by then has its version named, which is read after. */
  private Reachable reachable(Set<Digest> pinned) {
    Map<ModelName, Set<Digest>> layouts = new HashMap<>();
    for (ModelName name : refs.layouts()) {
      Set<Digest> digests = new HashSet<>();
      for (Map.Entry<SemanticVersion, Digest> version : refs.all(name).entrySet()) {
        ModelVersion model = new ModelVersion(name, version.getKey());
        Optional<Manifest> manifest = manifest(new Resolved(model, version.getValue()));
        if (manifest.isPresent()) {
          digests.add(version.getValue());
          digests.add(manifest.get().config().digest());
          manifest.get().files().forEach(f -> digests.add(f.blob().digest()));
        }
      }
      layouts.put(name, digests);
    }
    return Reachable.of(layouts, pinned);
  }

  /** The manifest of a version, unless the version was removed meanwhile. */
  private Optional<Manifest> manifest(Resolved version) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Optional.of(manifests.apply(version));
      } catch (ProblemException e) {
        if (!refs.all(version.model().name()).containsKey(version.model().version())) {
          return Optional.empty();
        }
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The directories of all versions, pulled or not. */
  private Set<Path> snapshots() {
    Set<Path> expected = new HashSet<>();
    for (ModelName name : refs.layouts()) {
      refs.all(name).forEach((v, d) -> expected.add(paths.snapshot(new ModelVersion(name, v), d)));
    }
    return expected;
  }

  /** One collection. */
  private final class Run {
    private final boolean dryRun;
    private final Instant now;
    private final Instant youngest;
    private final List<GarbageReport.Item> items = new ArrayList<>();
    private final FreedBytes freed = new FreedBytes();
    private long reachable;
    private long reachableBytes;

    Run(boolean dryRun, Duration grace, Instant now) {
      this.dryRun = dryRun;
      this.now = now;
      this.youngest = now.minus(grace);
    }

    void blobs() throws IOException {
      List<Place> candidates = candidates(reachable(pins.live(now)));
      if (dryRun) {
        for (Place place : candidates) {
          add(place.in(paths), Outcome.DELETED);
        }
        return;
      }
      try {
        for (Place place : candidates) {
          quarantine.take(place);
        }
      } catch (IOException | RuntimeException e) {
        putAllBack();
        throw e;
      }
      List<Held> held = quarantine.held(); // those of killed collections too
      if (held.isEmpty()) {
        return;
      }
      Reachable again;
      try {
        settling.pause();
        Set<Digest> pinned = pins.live(partial.now());
        settling.pause();
        again = reachable(pinned);
      } catch (RuntimeException e) {
        putAllBack();
        throw e;
      }
      for (Held one : held) {
        settle(one, again);
      }
    }

    private List<Place> candidates(Reachable first) throws IOException {
      List<Place> candidates = new ArrayList<>();
      candidates(Optional.empty(), paths.pool(), first, candidates);
      for (ModelName name : refs.layouts()) {
        candidates(Optional.of(name), paths.blobs(name), first, candidates);
      }
      return candidates;
    }

    private void candidates(
        Optional<ModelName> model, Path directory, Reachable first, List<Place> into)
        throws IOException {
      for (String name : VersionRefs.names(directory)) {
        if (!Digest.isHex(name)) {
          continue; // something of the file system or of the user
        }
        Place place = new Place(model, new Digest(name));
        Path file = directory.resolve(name);
        try {
          if (first.reaches(model, place.digest())) {
            reachable++;
            reachableBytes += model.isEmpty() ? Files.size(file) : 0;
          } else if (first.isPinned(place.digest())) {
            add(file, Outcome.IN_USE);
          } else if (PartialFiles.touched(file).isAfter(youngest)) {
            add(file, Outcome.YOUNG);
          } else {
            into.add(place);
          }
        } catch (NoSuchFileException e) {
          // Another collection took it.
        }
      }
    }

    private void settle(Held held, Reachable again) throws IOException {
      Path home = held.place().in(paths);
      try {
        boolean needed =
            again.reaches(held.place().model(), held.place().digest())
                || again.isPinned(held.place().digest());
        if (needed || writtenLately(held.file())) {
          add(held.file(), home, Outcome.PUT_BACK);
          quarantine.putBack(held);
        } else {
          add(held.file(), home, Outcome.DELETED);
          AtomicFiles.deleteTree(held.file());
        }
      } catch (NoSuchFileException e) {
        // Whoever needs it took it, or another collection did this.
      }
    }

    /** Somebody touched it to keep it. Not when it was linked: moving it aside counts as that. */
    private boolean writtenLately(Path file) throws IOException {
      // Opening makes network file systems ask for the file's times anew.
      try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ)) {
        return opened.isOpen() && Files.getLastModifiedTime(file).toInstant().isAfter(youngest);
      }
    }

    private void putAllBack() {
      for (Held held : quarantine.held()) {
        try {
          quarantine.putBack(held);
        } catch (IOException e) {
          // It stays aside, where whoever needs it looks for it.
        }
      }
    }

    /** Snapshots of versions that are not here any more, and what killed programs left. */
    void leftovers() throws IOException {
      Set<Path> expected = snapshots();
      for (String namespace : VersionRefs.names(paths.snapshots())) {
        Path models = paths.snapshots().resolve(namespace);
        for (String name : VersionRefs.names(models)) {
          for (String version : VersionRefs.names(models.resolve(name))) {
            Path snapshot = models.resolve(name).resolve(version);
            if (!expected.contains(snapshot)) {
              leftover(snapshot, youngest);
            }
          }
        }
      }
      for (String name : VersionRefs.names(paths.partial())) {
        leftover(paths.partial().resolve(name), now.minus(PartialFiles.KEPT));
      }
      if (!dryRun) {
        pins.clean(now);
      }
    }

    private void leftover(Path path, Instant limit) throws IOException {
      try {
        if (PartialFiles.touched(path).isAfter(limit)) {
          add(path, Outcome.YOUNG);
          return;
        }
        add(path, Outcome.DELETED);
        if (!dryRun) {
          // Under another name first: nobody should find half a snapshot.
          Path aside = partial.fresh("garbage");
          Files.move(path, aside);
          if (path.startsWith(paths.snapshots()) && snapshots().contains(path)) {
            Files.move(aside, path); // its version was published again, and somebody may have it
          }
          AtomicFiles.deleteTree(aside);
        }
      } catch (NoSuchFileException e) {
        // Somebody else is done with it.
      }
    }

    private void add(Path path, Outcome outcome) throws IOException {
      add(path, path, outcome);
    }

    private void add(Path path, Path name, Outcome outcome) throws IOException {
      long bytes = 0;
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          bytes += Files.size(file);
          if (outcome == Outcome.DELETED) {
            freed.add(file);
          }
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      String relative = paths.root().relativize(name).toString().replace('\\', '/');
      items.add(new GarbageReport.Item(relative, bytes, outcome));
    }

    GarbageReport report() {
      items.sort(Comparator.comparing(GarbageReport.Item::path));
      return new GarbageReport(items, freed.bytes(), reachable, reachableBytes);
    }
  }
}
