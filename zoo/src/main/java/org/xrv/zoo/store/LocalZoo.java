package org.xrv.zoo.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.terms.AcceptedTerms;

/**
 * A zoo in a directory. Any number of threads and processes, on one machine or several that share
 * the file system, may use it at once. A version never changes once it is published.
 */
public final class LocalZoo {
  private final ZooPaths paths;
  private final Clock clock;
  private final PartialFiles partial;
  private final VerifiedFiles verified;
  private final Receipts receipts;
  private final Blobs blobs;
  private final VersionRefs refs;
  private final IndexFile index;
  private final Snapshots snapshots;
  private final VersionStates states;
  private final Aliases aliases;
  private final Resolver resolver;
  private final EventLog log;
  private final Adoption adoption;
  private final Links links;
  private final Admission admission;
  private final AcceptedTerms terms;
  private final boolean isPublic;
  private final Pins pins;
  private final GarbageCollection garbage;
  private final Mending mending;

  /**
   * The zoo in a directory, which the first push makes.
   *
   * @param root absolute, or relative to the working directory
   */
  public LocalZoo(Path root) {
    this(root, Links.WHERE_POSSIBLE, Clock.systemUTC());
  }

  /**
   * The zoo that is used when none is named: $XRV_ZOO, else the one of this user.
   *
   * @throws ProblemException USAGE when $XRV_ZOO is on another machine
   */
  public static LocalZoo ofThisUser() {
    return of(UserDirectories.ofThisUser());
  }

  /**
   * The zoo that is used when none is named: $XRV_ZOO, else the one of a user.
   *
   * @throws ProblemException USAGE when $XRV_ZOO is no directory
   */
  public static LocalZoo of(UserDirectories user) {
    String named = System.getenv().getOrDefault("XRV_ZOO", "");
    if (named.contains("://")) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "$XRV_ZOO is "
              + named
              + ", a zoo on another machine, and this needs one on this machine; name a directory"
              + " with --zoo");
    }
    return new LocalZoo(user.zoo(System.getenv()));
  }

  LocalZoo(Path root, Links links, Clock clock) {
    this(root, links, clock, Admission.ALL, AcceptedTerms.ofThisUser(), false);
  }

  private LocalZoo(
      Path root,
      Links links,
      Clock clock,
      Admission admission,
      AcceptedTerms terms,
      boolean isPublic) {
    this.paths = new ZooPaths(root);
    this.links = links;
    this.admission = admission;
    this.terms = terms;
    this.isPublic = isPublic;
    this.clock = clock;
    this.partial = new PartialFiles(paths.partial());
    this.pins = new Pins(paths.pins(), partial);
    Quarantine quarantine = new Quarantine(paths, links);
    this.verified = new VerifiedFiles();
    this.receipts = new Receipts(paths, partial, verified);
    this.blobs = new Blobs(paths, partial, links, verified, quarantine);
    this.refs = new VersionRefs(paths, partial, links);
    this.snapshots = new Snapshots(paths, partial, blobs);
    this.states = new VersionStates(paths, partial, clock);
    this.aliases = new Aliases(paths, partial);
    this.index = new IndexFile(paths, partial, refs, states, aliases);
    this.resolver = new Resolver(paths, refs, states, aliases);
    this.log = new EventLog(paths, partial, clock);
    this.adoption =
        new Adoption(paths, blobs, refs, index, log, admission.and(this::requirePublishable), pins);
    this.mending = new Mending(paths, refs, blobs, snapshots);
    this.garbage = new GarbageCollection(paths, partial, refs, pins, quarantine, this::manifest);
  }

  /**
   * This zoo, for somebody with rules.
   *
   * @param admission what versions from elsewhere have to meet; {@link #adopt} without it takes all
   * @param accepted the agreements about data that whoever pulls has accepted
   */
  public LocalZoo with(Admission admission, AcceptedTerms accepted) {
    return new LocalZoo(root(), links, clock, admission, accepted, isPublic);
  }

  /** This zoo as one that everybody can read, whatever its {@code _zoo.json} says. */
  public LocalZoo asPublic() {
    return new LocalZoo(root(), links, clock, admission, terms, true);
  }

  public Path root() {
    return paths.root();
  }

  /**
   * Publishes the files of a directory as a version. Pushing the same files again succeeds, and
   * replaces blobs that were damaged meanwhile.
   *
   * @throws ProblemException BAD_DATA when the directory is no model package; PARITY when it has no
   *     proof that runtimes agree about its networks; TERMS when the zoo is public and the model
   *     must not be; VERSION_EXISTS when the version holds other files; DISK. The version is then
   *     not published, unless it was
   */
  public Published push(Path directory, ModelVersion model) {
    PackedModel packed = PackedModel.read(directory, model);
    requirePublishable(packed.description(), model);
    Digest digest = packed.digest();
    refs.requireSame(model, digest);
    if (!refs.all(model.name()).containsKey(model.version())) { // what is there may be repaired
      packed.requireProven();
    }
    partial.clean(clock.instant());
    byte[] config = packed.config();
    byte[] manifest = packed.manifest();
    List<Blob> parts = new ArrayList<>(List.of(Blob.of(config), Blob.of(manifest)));
    packed.files().forEach(file -> parts.add(file.blob()));
    FreeSpace.require(root(), blobs.lacking(parts), "pushing " + model);
    prepare(model.name());
    Map<Blob, Runnable> puts = new LinkedHashMap<>();
    for (PackageFile file : packed.files()) {
      Path source = file.path().in(directory);
      put(model, file.blob(), () -> Files.newInputStream(source), source.toString(), puts);
    }
    put(model, Blob.of(config), () -> new ByteArrayInputStream(config), "the manifest", puts);
    put(model, Blob.of(manifest), () -> new ByteArrayInputStream(manifest), "the manifest", puts);
    boolean isNew;
    try (Pins.Pin pin = pins.pin(puts.keySet().stream().map(Blob::digest).toList())) {
      for (Runnable put : puts.values()) {
        put.run();
        pin.renew();
      }
      putMissing(model.name(), puts);
      isNew = refs.publish(model, digest);
      putMissing(model.name(), puts);
    }
    if (isNew) {
      log.published(model, digest);
    }
    index.rebuild(model.name());
    return new Published(model, digest, isNew);
  }

  private void requirePublishable(PackageIdentity description, ModelVersion model) {
    if (isPublic || ZooSettings.read(root()).isPublic()) {
      description.terms().requirePublishable(model.toString(), "the zoo " + root());
    }
  }

  private void requirePublishable(Arrival arrival) {
    String where = arrival.source().title() + ": " + PackageIdentity.FILE;
    requirePublishable(PackageIdentity.parse(arrival.description(), where), arrival.model());
  }

  private void put(
      ModelVersion model, Blob blob, Blobs.Source source, String what, Map<Blob, Runnable> into) {
    into.put(blob, () -> blobs.add(model.name(), blob, source, what));
  }

  /** What a collection of garbage moved aside that looked for pins before ours was there. */
  private void putMissing(ModelName name, Map<Blob, Runnable> puts) {
    puts.forEach(
        (blob, put) -> {
          if (!blobs.isHere(name, blob)) {
            put.run();
          }
        });
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

  /**
   * Publishes versions that were published elsewhere, all or none of them: a source with a single
   * wrong byte publishes nothing. What the source lacks is taken from here, verified.
   *
   * @throws ProblemException DIGEST_MISMATCH when the source is damaged; NOT_FOUND when it lacks
   *     blobs that are not here either; VERSION_EXISTS; BAD_DATA when it holds no model packages;
   *     PARITY; TERMS when the zoo is public and a model must not be; TRUST and what else the rules
   *     of {@link #with} refuse; DISK
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

  /**
   * A version as it would arrive elsewhere, for looking at its small files; the manifest is
   * verified, the other blobs are when they are read.
   *
   * @throws ProblemException NOT_FOUND, DIGEST_MISMATCH
   */
  public Arrival arrival(ModelReference reference) {
    Resolved found = resolve(reference);
    return new Arrival(found.model(), found.digest(), manifest(found).files(), blobs());
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
   *     its digest; TERMS when it is for those only who have accepted an agreement about data;
   *     DIGEST_MISMATCH when a blob is damaged; DISK
   */
  public Snapshot pull(ModelReference reference) {
    Resolved found = available(reference);
    requireAccepted(found);
    Manifest manifest = verified(found, Blob::damage);
    return new Snapshot(
        found.model(), found.digest(), snapshots.of(found.model(), found.digest(), manifest));
  }

  /**
   * Hands out a version. What was compared with its digests before is not read again if the files
   * have the size, time of writing and inode that they had then.
   *
   * @throws ProblemException as {@link #pull}
   */
  public Snapshot pullCached(ModelReference reference) {
    Resolved found = available(reference);
    requireAccepted(found);
    if (!receipts.isCurrent(found)) {
      Manifest manifest = verified(found, verified::damage);
      snapshots.of(found.model(), found.digest(), manifest);
      receipts.write(found, manifest);
    }
    return new Snapshot(
        found.model(), found.digest(), paths.snapshot(found.model(), found.digest()));
  }

  /** Blobs on their way into this zoo from other machines. */
  public IncomingBlobs incoming() {
    return new IncomingBlobs(paths, partial, blobs, verified);
  }

  /** The zoo that holds copies of what a place elsewhere has. */
  public LocalZoo remote(String place) {
    return new LocalZoo(paths.remotes().resolve(place)).with(admission, terms);
  }

  /** The zoos that hold copies of what places elsewhere have. */
  public List<LocalZoo> remotes() {
    return VersionRefs.names(paths.remotes()).stream().sorted().map(this::remote).toList();
  }

  /** The models that hold a blob, by its name alone. */
  public List<ModelName> holding(Digest digest) {
    return refs.models().stream()
        .filter(name -> Files.isRegularFile(paths.blob(name, digest)))
        .toList();
  }

  /**
   * The directory that an earlier pull handed out; its bytes are not read.
   *
   * @throws ProblemException NOT_FOUND when there was none; YANKED and TERMS as for a pull
   */
  public Snapshot pulled(ModelReference reference) {
    Resolved found = available(reference);
    if (!snapshots.exists(found.model(), found.digest())) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND,
          found.model() + " was not pulled from the zoo " + root() + " yet; pull it first");
    }
    requireAccepted(found);
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
    index.rebuild(model.name());
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
      index.rebuild(model.name());
    }
    return was;
  }

  /** Marks and aliases of versions, to travel with them. */
  public Statements statements(Collection<ModelVersion> versions) {
    SortedMap<ModelVersion, VersionState> marks = new TreeMap<>();
    SortedMap<ModelName, SortedMap<String, SemanticVersion>> names = new TreeMap<>();
    for (ModelVersion version : versions) {
      marks.put(version, states.of(version));
      names.computeIfAbsent(version.name(), aliases::all);
    }
    return new Statements(marks, names).about(versions);
  }

  /**
   * Takes over marks and aliases of versions that are here. What somebody here said or took back
   * stays as it is.
   *
   * @return what is said here now and was not before
   * @throws ProblemException DISK
   */
  public Statements take(Statements statements) {
    SortedMap<ModelVersion, VersionState> marks = new TreeMap<>();
    SortedMap<ModelName, SortedMap<String, SemanticVersion>> names = new TreeMap<>();
    statements
        .states()
        .forEach(
            (model, state) -> {
              if (refs.all(model.name()).containsKey(model.version())) {
                marks.put(
                    model,
                    new VersionState(
                        take(model, Mark.YANKED, state), take(model, Mark.DEPRECATED, state)));
              }
            });
    statements
        .aliases()
        .forEach(
            (name, all) ->
                all.forEach(
                    (text, version) -> {
                      Tag.Alias alias = new Tag.Alias(text);
                      if (refs.all(name).containsKey(version)
                          && aliases.take(name, alias, version)) {
                        log.moved(name, alias, Optional.empty(), Optional.of(version));
                        names.computeIfAbsent(name, n -> new TreeMap<>()).put(text, version);
                      }
                    }));
    Statements taken = new Statements(marks, names);
    Set<ModelName> changed = new TreeSet<>(taken.aliases().keySet());
    taken.states().keySet().forEach(model -> changed.add(model.name()));
    changed.forEach(index::rebuild);
    return taken;
  }

  private Optional<String> take(ModelVersion model, Mark mark, VersionState state) {
    Optional<String> message = state.of(mark).filter(m -> states.take(model, mark, m));
    message.ifPresent(m -> log.marked(model, mark, Optional.of(m)));
    return message;
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
    index.rebuild(model.name());
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
    index.rebuild(name);
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
    requireSound(found, description.path().text(), description.blob(), Blob::damage);
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

  /**
   * Replaces what is damaged of a version: blobs, from an intact copy in this zoo or else from the
   * sources, of which nothing else is read; its snapshot; the model's index.
   *
   * @return what is whole again; a verification tells what is not
   * @throws ProblemException NOT_FOUND; DISK
   */
  public List<Mended> repair(ModelReference reference, List<BlobSource> sources) {
    Resolved found = resolve(reference);
    List<Mended> mended = new ArrayList<>(mending.mend(found, sources));
    if (!index.isCurrent(found.model().name())) {
      index.rebuild(found.model().name());
      mended.add(
          new Mended(found.model(), paths.index(found.model().name()).toString(), "the versions"));
    }
    return mended;
  }

  private Verification verify(ModelVersion model) {
    try {
      Resolved found = resolve(ModelReference.of(model));
      Manifest manifest = verified(found, Blob::damage);
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

  /**
   * Removes a version from this zoo: it is not listed and not pulled any more, and {@link
   * #collectGarbage} deletes what only it needs. Its name never gets other bytes: it can be
   * published here again with the same digest only.
   *
   * @throws ProblemException NOT_FOUND; USAGE when an alias means it; DISK
   */
  public Resolved remove(ModelVersion model) {
    Resolved found = resolve(ModelReference.of(model));
    aliases.all(model.name()).entrySet().stream()
        .filter(a -> a.getValue().equals(model.version()))
        .findFirst()
        .ifPresent(
            a -> {
              throw new ProblemException(
                  ProblemKind.USAGE,
                  "the alias '"
                      + a.getKey()
                      + "' means "
                      + model
                      + "; move it to another version first, or remove it with xrv-zoo alias rm "
                      + model.name()
                      + ":"
                      + a.getKey());
            });
    refs.remove(model);
    log.removed(model, found.digest());
    index.rebuild(model.name());
    snapshots.remove(model, found.digest());
    return found;
  }

  /**
   * Deletes the directory that pulls of a version handed out; the next pull makes it again.
   *
   * @return whether there was one
   * @throws ProblemException NOT_FOUND; DISK
   */
  public boolean removeSnapshot(ModelReference reference) {
    Resolved found = resolve(reference);
    return snapshots.remove(found.model(), found.digest());
  }

  /**
   * Says that a program is about to publish a version with these blobs, so that no collection of
   * garbage takes them. Whoever brings blobs here before the version has its name holds such a pin
   * from before it looks for them until after.
   */
  public PinnedBlobs pin(Collection<Digest> digests) {
    return pins.pin(digests);
  }

  /**
   * Deletes what no version needs. What a version needs is never deleted, whatever other programs
   * publish, pull or collect at the same time, on this machine or another (docs/decisions/013).
   *
   * @param dryRun only tells
   * @param grace what was written or linked since then is kept, since somebody may be about to
   *     publish it
   * @throws ProblemException DIGEST_MISMATCH when a manifest is damaged, so that nobody knows what
   *     its version needs; DISK. Nothing was deleted then
   */
  public GarbageReport collectGarbage(boolean dryRun, Duration grace) {
    return garbage.collect(dryRun, grace);
  }

  /** The index is derived: a wrong or missing one is no damage, it is written again. */
  private void refreshIndex(ModelName name) {
    if (!index.isCurrent(name)) {
      index.rebuild(name);
    }
  }

  private void requireAccepted(Resolved found) {
    Admission.accepted(terms)
        .require(new Arrival(found.model(), found.digest(), manifest(found).files(), blobs()));
  }

  /** Compares a blob with a file, as {@link Blob#damage} does. */
  private interface Comparison {
    Optional<String> damage(Blob blob, Path file);
  }

  /** Reads the manifest and all blobs that it names. */
  private Manifest verified(Resolved found, Comparison comparison) {
    Manifest manifest = manifest(found);
    requireSound(found, "the configuration", manifest.config(), comparison);
    for (PackageFile file : manifest.files()) {
      requireSound(found, file.path().text(), file.blob(), comparison);
    }
    String where = found.model() + ": " + PackageIdentity.FILE;
    Path description = paths.blob(found.model().name(), manifest.description().blob().digest());
    PackageIdentity.parse(ZooJson.read(description), where).requireIs(found.model(), where);
    return manifest;
  }

  private Manifest manifest(Resolved found) {
    Path file = paths.blob(found.model().name(), found.digest());
    String where = found.model() + ": the manifest";
    if (!Files.isRegularFile(file) && !blobs.recover(found.digest())) {
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

  private void requireSound(Resolved found, String what, Blob blob, Comparison comparison) {
    Path file = paths.blob(found.model().name(), blob.digest());
    comparison
        .damage(blob, file)
        // Missing is not always gone: a collection of garbage may be about to put it back.
        .flatMap(d -> blobs.recover(blob.digest()) ? comparison.damage(blob, file) : Optional.of(d))
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
            + "; push the version again from its original files, which replaces the blob (or see"
            + " xrv-zoo verify --repair), and check the disk");
  }
}
