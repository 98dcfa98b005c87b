package org.xrv.zoo.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.UserDirectories;
import org.xrv.core.modelpackage.PackageParity;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;

/**
 * A zoo in a directory. Any number of threads and processes, on one machine or several that share
 * the file system, may use it at once. A version never changes once it is published.
 */
public final class LocalZoo {
  private final ZooPaths paths;
  private final Clock clock;
  private final PartialFiles partial;
  private final Blobs blobs;
  private final VersionRefs refs;
  private final IndexFile index;
  private final Snapshots snapshots;
  private final VersionStates states;
  private final Aliases aliases;
  private final Resolver resolver;
  private final EventLog log;
  private final Adoption adoption;

  /**
   * The zoo in a directory, which the first push makes.
   *
   * @param root absolute, or relative to the working directory
   */
  public LocalZoo(Path root) {
    this(root, Links.WHERE_POSSIBLE, Clock.systemUTC());
  }

  /** The zoo that is used when none is named: $XRV_ZOO, else the one of this user. */
  public static LocalZoo ofThisUser() {
    return new LocalZoo(UserDirectories.ofThisUser().zoo(System.getenv()));
  }

  LocalZoo(Path root, Links links, Clock clock) {
    this.paths = new ZooPaths(root);
    this.clock = clock;
    this.partial = new PartialFiles(paths.partial());
    this.blobs = new Blobs(paths, partial, links);
    this.refs = new VersionRefs(paths, partial, links);
    this.index = new IndexFile(paths, partial, refs);
    this.snapshots = new Snapshots(paths, partial, blobs);
    this.states = new VersionStates(paths, partial, clock);
    this.aliases = new Aliases(paths, partial);
    this.resolver = new Resolver(paths, refs, states, aliases);
    this.log = new EventLog(paths, partial, clock);
    this.adoption = new Adoption(paths, blobs, refs, index, log);
  }

  public Path root() {
    return paths.root();
  }

  /**
   * Publishes the files of a directory as a version. Pushing the same files again succeeds, and
   * replaces blobs that were damaged meanwhile.
   *
   * @throws ProblemException BAD_DATA when the directory is no model package; PARITY when it has no
   *     proof that runtimes agree about its networks; VERSION_EXISTS when the version holds other
   *     files; DISK. The version is then not published, unless it was
   */
  public Published push(Path directory, ModelVersion model) {
    List<PackageFile> files = PackageDirectory.read(directory);
    Path descriptionFile = PackageIdentity.FILE.in(directory);
    PackageIdentity description =
        PackageIdentity.parse(ZooJson.read(descriptionFile), descriptionFile.toString());
    description.requireIs(model, descriptionFile.toString());
    byte[] config = Manifest.config(description, files);
    Manifest manifest = new Manifest(Blob.of(config), files);
    byte[] manifestBytes = manifest.toJson();
    if (manifestBytes.length > ZooJson.MAX_BYTES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          directory + " has " + files.size() + " files, more than a manifest can list");
    }
    Digest digest = Digest.of(manifestBytes);
    refs.requireSame(model, digest);
    if (!refs.all(model.name()).containsKey(model.version())) { // what is there may be repaired
      Map<String, String> digests = new HashMap<>();
      files.forEach(f -> digests.put(f.path().text(), f.blob().digest().toString()));
      PackageParity.require(directory, digests);
    }
    partial.clean(clock.instant());
    prepare(model.name());
    for (PackageFile file : manifest.files()) {
      Path source = file.path().in(directory);
      blobs.add(model.name(), file.blob(), () -> Files.newInputStream(source), source.toString());
    }
    add(model.name(), config);
    add(model.name(), manifestBytes);
    boolean isNew = refs.publish(model, digest);
    if (isNew) {
      log.published(model, digest);
    }
    index.rebuild(model.name());
    return new Published(model, digest, isNew);
  }

  private void prepare(ModelName name) {
    try {
      PartialFiles.createDirectory(paths.versions(name));
      PartialFiles.createDirectory(paths.states(name));
      PartialFiles.createDirectory(paths.log(name));
    } catch (IOException e) {
      throw AtomicFiles.disk(paths.layout(name), e);
    }
  }

  private void add(ModelName name, byte[] bytes) {
    blobs.add(name, Blob.of(bytes), () -> new ByteArrayInputStream(bytes), "the manifest");
  }

  /**
   * Publishes versions that were published elsewhere, all or none of them: a source with a single
   * wrong byte publishes nothing. What the source lacks is taken from here, verified.
   *
   * @throws ProblemException DIGEST_MISMATCH when the source is damaged; NOT_FOUND when it lacks
   *     blobs that are not here either; VERSION_EXISTS; BAD_DATA when it holds no model packages;
   *     PARITY; DISK
   */
  public List<Published> adopt(List<IndexEntry> entries, BlobSource source) {
    partial.clean(clock.instant());
    return adoption.adopt(entries, source);
  }

  /**
   * What a version consists of; the manifest is verified, the other blobs are not read.
   *
   * @throws ProblemException NOT_FOUND, DIGEST_MISMATCH
   */
  public StoredVersion stored(ModelReference reference) {
    Resolved found = resolve(reference);
    Manifest manifest = manifest(found);
    long size = paths.blob(found.model().name(), found.digest()).toFile().length();
    List<Blob> parts = new ArrayList<>(List.of(manifest.config()));
    manifest.files().forEach(f -> parts.add(f.blob()));
    return new StoredVersion(found.model(), new Blob(found.digest(), size), parts);
  }

  /** Where blobs arrive one by one, as a server receives them. */
  public Depot depot() {
    return new Depot(paths, partial, blobs, clock);
  }

  /** All blobs, for copying them elsewhere. */
  public BlobSource blobs() {
    return new ZooBlobs(paths, refs);
  }

  /**
   * Hands out a version after reading all its bytes.
   *
   * @throws ProblemException NOT_FOUND; YANKED when the version is, and the reference does not have
   *     its digest; DIGEST_MISMATCH when a blob is damaged; DISK
   */
  public Snapshot pull(ModelReference reference) {
    Resolved found = available(reference);
    Manifest manifest = verified(found);
    return new Snapshot(
        found.model(), found.digest(), snapshots.of(found.model(), found.digest(), manifest));
  }

  /**
   * The directory that an earlier pull handed out; its bytes are not read.
   *
   * @throws ProblemException NOT_FOUND when there was none; YANKED as for a pull
   */
  public Snapshot pulled(ModelReference reference) {
    Resolved found = available(reference);
    if (!snapshots.exists(found.model(), found.digest())) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          found.model() + " was not pulled from the zoo " + root() + " yet; pull it first");
    }
    return new Snapshot(
        found.model(), found.digest(), paths.snapshot(found.model(), found.digest()));
  }

  /**
   * The version that a reference means, if it may be used.
   *
   * @throws ProblemException as {@link #resolve}; YANKED also when an exact version or an alias
   *     means a yanked one and the reference does not have its digest
   */
  public Resolved available(ModelReference reference) {
    Resolved found = resolve(reference);
    if (reference.digest().isEmpty()) {
      state(found.model())
          .yanked()
          .ifPresent(
              reason -> {
                throw new ProblemException(
                    ProblemKind.YANKED,
                    found.model()
                        + (reference.tag() instanceof Tag.Alias alias
                            ? ", which '" + alias + "' means, is yanked: "
                            : " is yanked: ")
                        + reason
                        + "; choose another version, or ask for "
                        + found.model()
                        + "@"
                        + found.digest()
                        + " to get it nevertheless");
              });
    }
    return found;
  }

  /** What a version is marked with. */
  public VersionState state(ModelVersion model) {
    return states.of(model);
  }

  /**
   * Marks a version, or gives its mark another message.
   *
   * @param message one line for those who ask for the version
   * @throws ProblemException NOT_FOUND; USAGE when the message is not one line; DISK
   */
  public Resolved mark(ModelVersion model, Mark mark, String message) {
    Resolved found = resolve(ModelReference.of(model));
    states.set(model, mark, message);
    log.marked(model, mark, Optional.of(message.strip()));
    return found;
  }

  /**
   * Takes a mark away.
   *
   * @return whether there was one
   * @throws ProblemException NOT_FOUND, DISK
   */
  public boolean unmark(ModelVersion model, Mark mark) {
    resolve(ModelReference.of(model));
    boolean was = states.clear(model, mark);
    if (was) {
      log.marked(model, mark, Optional.empty());
    }
    return was;
  }

  /** What {@code latest} means of a model, if it means anything. */
  public Optional<SemanticVersion> latest(ModelName name) {
    return resolver.latest(name);
  }

  /** The aliases of a model and the versions that they mean; {@code latest} is none of them. */
  public SortedMap<String, SemanticVersion> aliases(ModelName name) {
    return aliases.all(name);
  }

  /**
   * Makes an alias, or moves it.
   *
   * @return the version that it meant before
   * @throws ProblemException NOT_FOUND; YANKED when the version is; DISK
   */
  public Optional<SemanticVersion> setAlias(ModelVersion model, Tag.Alias alias) {
    available(ModelReference.of(model));
    Optional<SemanticVersion> before =
        Optional.ofNullable(aliases.all(model.name()).get(alias.alias()));
    aliases.set(model.name(), alias, model.version());
    log.moved(model.name(), alias, before, Optional.of(model.version()));
    return before;
  }

  /**
   * Removes an alias; the version stays.
   *
   * @throws ProblemException NOT_FOUND when there is no such alias; DISK
   */
  public void removeAlias(ModelName name, Tag.Alias alias) {
    resolver.versions(name);
    SortedMap<String, SemanticVersion> known = aliases.all(name);
    if (!aliases.remove(name, alias)) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          name
              + " has no alias '"
              + alias
              + "'"
              + Suggestions.didYouMean(alias.alias(), known.keySet())
              + (known.isEmpty() ? "" : " (it has: " + String.join(", ", known.keySet()) + ")"));
    }
    log.moved(name, alias, Optional.ofNullable(known.get(alias.alias())), Optional.empty());
  }

  /**
   * The version that a reference means. {@code latest}, {@code 1} and {@code 1.2} mean the highest
   * version that is neither a pre-release nor yanked. An exact version, an alias and a digest mean
   * a yanked version too.
   *
   * @throws ProblemException NOT_FOUND, with the nearest name and what exists; YANKED when all that
   *     may be meant is; DIGEST_MISMATCH when tag and digest do not agree
   */
  public Resolved resolve(ModelReference reference) {
    return resolver.resolve(reference);
  }

  /** All models, in order. */
  public List<ModelVersions> list() {
    return refs.models().stream()
        .map(name -> new ModelVersions(name, refs.all(name)))
        .filter(m -> !m.versions().isEmpty())
        .toList();
  }

  /**
   * The versions of one model.
   *
   * @throws ProblemException NOT_FOUND, with the nearest name
   */
  public ModelVersions versions(ModelName name) {
    return new ModelVersions(name, resolver.versions(name));
  }

  /**
   * What a version holds; manifest and description are verified, the other files are not read.
   *
   * @throws ProblemException NOT_FOUND, DIGEST_MISMATCH
   */
  public ModelDetails show(ModelReference reference) {
    Resolved found = resolve(reference);
    Manifest manifest = manifest(found);
    PackageFile description = manifest.description();
    requireSound(found, description.path().text(), description.blob());
    byte[] bytes = ZooJson.read(paths.blob(found.model().name(), description.blob().digest()));
    return new ModelDetails(
        found.model(), found.digest(), manifest.files(), new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Reads a version with all its bytes, and its snapshot if there is one.
   *
   * @throws ProblemException NOT_FOUND
   */
  public Verification verify(ModelReference reference) {
    ModelVersion model = resolve(reference).model();
    Verification result = verify(model);
    refreshIndex(model.name());
    return result;
  }

  /** Reads all versions of all models with all their bytes. */
  public List<Verification> verifyAll() {
    List<Verification> results = new ArrayList<>();
    for (ModelName name : refs.models()) {
      for (SemanticVersion version : refs.named(name).stream().sorted().toList()) {
        results.add(verify(new ModelVersion(name, version)));
      }
      refreshIndex(name);
    }
    return results;
  }

  private Verification verify(ModelVersion model) {
    try {
      Resolved found = resolve(ModelReference.of(model));
      Manifest manifest = verified(found);
      if (snapshots.exists(model, found.digest())) {
        snapshots
            .damage(model, found.digest(), manifest)
            .ifPresent(
                damage -> {
                  throw new ProblemException(
                      ProblemKind.DIGEST_MISMATCH,
                      model + ": " + damage + "; pull it again, which makes the snapshot anew");
                });
      }
      return new Verification(model, Optional.empty());
    } catch (ProblemException e) {
      return new Verification(model, Optional.of(e));
    } catch (IOException e) {
      return new Verification(model, Optional.of(AtomicFiles.disk(root(), e)));
    }
  }

  /** The index is derived: a wrong or missing one is no damage, it is written again. */
  private void refreshIndex(ModelName name) {
    if (!index.isCurrent(name)) {
      index.rebuild(name);
    }
  }

  /** Reads the manifest and all blobs that it names. */
  private Manifest verified(Resolved found) {
    Manifest manifest = manifest(found);
    requireSound(found, "the configuration", manifest.config());
    for (PackageFile file : manifest.files()) {
      requireSound(found, file.path().text(), file.blob());
    }
    String where = found.model() + ": " + PackageIdentity.FILE;
    Path description = paths.blob(found.model().name(), manifest.description().blob().digest());
    PackageIdentity.parse(ZooJson.read(description), where).requireIs(found.model(), where);
    return manifest;
  }

  private Manifest manifest(Resolved found) {
    Path file = paths.blob(found.model().name(), found.digest());
    String where = found.model() + ": the manifest";
    if (!Files.isRegularFile(file)) {
      throw damaged(found, "the manifest", file, "is missing");
    }
    byte[] bytes = ZooJson.read(file);
    if (!Digest.of(bytes).equals(found.digest())) {
      throw damaged(
          found,
          "the manifest",
          file,
          "has digest " + Digest.of(bytes) + " instead of " + found.digest());
    }
    return Manifest.parse(bytes, where);
  }

  private void requireSound(Resolved found, String what, Blob blob) {
    Path file = paths.blob(found.model().name(), blob.digest());
    blob.damage(file)
        .ifPresent(
            damage -> {
              throw damaged(found, what, file, damage);
            });
  }

  private static ProblemException damaged(Resolved found, String what, Path file, String damage) {
    return new ProblemException(
        ProblemKind.DIGEST_MISMATCH,
        found.model()
            + ": "
            + what
            + " is damaged: blob "
            + file
            + " "
            + damage
            + "; push the version again from its original files, which replaces the blob, and check"
            + " the disk");
  }
}
