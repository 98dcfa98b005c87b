package org.xrv.zoo.registry;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.registry.RegistryClient.Found;
import org.xrv.zoo.store.Admission;
import org.xrv.zoo.store.Arrival;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.BlobSource;
import org.xrv.zoo.store.IncomingBlobs;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Manifest;
import org.xrv.zoo.store.Mark;
import org.xrv.zoo.store.ModelDetails;
import org.xrv.zoo.store.PackageFile;
import org.xrv.zoo.store.PackageIdentity;
import org.xrv.zoo.store.PackedModel;
import org.xrv.zoo.store.PinnedBlobs;
import org.xrv.zoo.store.Published;
import org.xrv.zoo.store.Resolved;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.terms.AcceptedTerms;

/**
 * A zoo on another machine: any OCI registry. What is pulled is kept in a zoo of this user, one for
 * each place, so that the same name from two places is two models. A version never changes, so what
 * is here of it needs no network.
 */
public final class RemoteZoo {
  private final RemoteAccess access;
  private final LocalZoo cache;
  private final Admission admission;
  private final Supplier<RegistryClient> client;

  /**
   * The zoo at a place.
   *
   * @param cache where its models are kept
   */
  public RemoteZoo(RemoteAccess access, LocalZoo cache) {
    this(access, cache, Admission.ALL, access.lazyClient());
  }

  private RemoteZoo(
      RemoteAccess access, LocalZoo cache, Admission admission, Supplier<RegistryClient> client) {
    this.access = Objects.requireNonNull(access);
    this.cache = Objects.requireNonNull(cache);
    this.admission = Objects.requireNonNull(admission);
    this.client = client;
  }

  /**
   * This zoo, for somebody with rules.
   *
   * @param rules what models have to meet; they are asked before the networks are fetched, and not
   *     again about a model that is here
   * @param accepted the agreements about data that whoever pulls has accepted
   */
  public RemoteZoo with(Admission rules, AcceptedTerms accepted) {
    // The rules are asked here, once: what the cache takes over has met them.
    return new RemoteZoo(access, cache.with(Admission.ALL, accepted), rules, client);
  }

  public RegistryAddress address() {
    return access.address();
  }

  /** Where its models are kept on this machine. */
  public LocalZoo cache() {
    return cache;
  }

  /**
   * The client of its registry.
   *
   * @throws ProblemException OFFLINE
   */
  public RegistryClient client() {
    if (access.offline()) {
      throw offline("asking " + address());
    }
    return client.get();
  }

  private ProblemException offline(String what) {
    return new ProblemException(
        ProblemKind.OFFLINE,
        what + " needs the network, which --offline forbids; run it without --offline");
  }

  /**
   * What a reference means: of what is here when that is certain or nothing may be asked, else of
   * what the registry has.
   *
   * @throws ProblemException NOT_FOUND, OFFLINE, DIGEST_MISMATCH, NETWORK, AUTHENTICATION, YANKED
   */
  public Resolved resolve(ModelReference reference) {
    Optional<Resolved> here = here(reference);
    if (here.isPresent()) {
      return here.get();
    }
    if (access.offline()) {
      throw notHere(reference);
    }
    RemoteVersion found = new RemoteResolver(client()).resolve(reference);
    copyMarks(found);
    return found.resolved();
  }

  /** The registry's word counts, for what is here too. */
  private void copyMarks(RemoteVersion found) {
    ModelVersion model = found.resolved().model();
    if (known(model).isPresent() && !cache.state(model).equals(found.state())) {
      copyMark(model, Mark.YANKED, found.state().yanked());
      copyMark(model, Mark.DEPRECATED, found.state().deprecated());
    }
  }

  private void copyMark(ModelVersion model, Mark mark, Optional<String> message) {
    if (message.isPresent()) {
      cache.mark(model, mark, message.get());
    } else {
      cache.unmark(model, mark);
    }
  }

  /** The version, when asking the registry could not change the answer, or is forbidden. */
  private Optional<Resolved> here(ModelReference reference) {
    boolean certain = reference.tag() instanceof Tag.Exact || reference.digest().isPresent();
    if (!certain && !access.offline()) {
      return Optional.empty();
    }
    try {
      return Optional.of(cache.resolve(reference));
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private ProblemException notHere(ModelReference reference) {
    return new ProblemException(
        ProblemKind.OFFLINE,
        reference
            + " of "
            + address()
            + " is not on this machine, and --offline forbids to fetch it; pull it where there is"
            + " a network, or import a bundle");
  }

  /**
   * The models, with their versions.
   *
   * @throws ProblemException OFFLINE, NETWORK, AUTHENTICATION; NOT_FOUND when the registry does not
   *     tell its repositories
   */
  public List<RemoteModel> list() {
    RemoteResolver resolver = new RemoteResolver(client());
    List<String> repositories =
        client()
            .catalog()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NOT_FOUND,
                        address()
                            + " does not list its repositories; xrv-zoo versions NAME lists the"
                            + " versions of one model"));
    List<RemoteModel> models = new ArrayList<>();
    for (String repository : repositories) {
      address().model(repository).flatMap(name -> existing(resolver, name)).ifPresent(models::add);
    }
    models.sort(Comparator.comparing(RemoteModel::name));
    return models;
  }

  private static Optional<RemoteModel> existing(RemoteResolver resolver, ModelName name) {
    try {
      return Optional.of(resolver.model(name));
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.NOT_FOUND) {
        throw e;
      }
      return Optional.empty(); // a repository of something else
    }
  }

  /**
   * The versions and aliases of a model.
   *
   * @throws ProblemException NOT_FOUND, OFFLINE, NETWORK, AUTHENTICATION
   */
  public RemoteModel versions(ModelName name) {
    return new RemoteResolver(client()).model(name);
  }

  /**
   * What a version is at the registry: its digest, and its marks where the registry is a zoo of
   * ours; empty when there is no such version.
   *
   * @throws ProblemException OFFLINE, NETWORK, AUTHENTICATION
   */
  public Optional<RemoteVersion> version(ModelVersion model) {
    return client()
        .tagged(model.name(), model.version().toString())
        .map(t -> new RemoteVersion(new Resolved(model, t.digest()), t.state()));
  }

  /** The digest that an alias means; empty when there is none of this name. */
  public Optional<Digest> alias(ModelName name, Tag.Alias alias) {
    return client().digest(name, alias.alias());
  }

  /**
   * What a version holds: manifest and description are fetched and verified, the networks are not.
   *
   * @throws ProblemException as {@link #pull}
   */
  public ModelDetails show(ModelReference reference) {
    Resolved found = resolve(reference);
    if (isHere(found)) {
      return cache.show(pinned(found));
    }
    Remote remote = fetchManifest(found);
    new Fetching(remote).describe();
    return remote.details(read(remote.manifest().description().blob()));
  }

  /**
   * The directory with a version's files, fetched if it is not here.
   *
   * @throws ProblemException NOT_FOUND, YANKED; NETWORK when it could not be fetched, and a later
   *     pull goes on; DIGEST_MISMATCH; VERSION_EXISTS when the registry's version is another than
   *     the one it had before; BAD_DATA when it is no model; PARITY; OFFLINE; AUTHENTICATION; DISK;
   *     TRUST, TERMS
   */
  public Snapshot pull(ModelReference reference) {
    Optional<Resolved> here = here(reference);
    Optional<RemoteVersion> asked =
        here.isPresent() || access.offline()
            ? Optional.empty()
            : Optional.of(new RemoteResolver(client()).resolve(reference));
    Resolved found =
        asked.map(RemoteVersion::resolved).or(() -> here).orElseThrow(() -> notHere(reference));
    if (isHere(found)) {
      asked.ifPresent(this::copyMarks);
      try {
        requireNotYanked(reference, found);
        return cache.pullCached(pinned(found));
      } catch (ProblemException e) {
        if (e.kind() != ProblemKind.DIGEST_MISMATCH || access.offline()) {
          throw e;
        }
        access.listener().remark(e.getMessage() + "; fetching what is damaged");
      }
    }
    fetch(found);
    asked.ifPresent(this::copyMarks);
    requireNotYanked(reference, found);
    return cache.pullCached(pinned(found));
  }

  /** What is marked here was marked when the network was there. */
  private void requireNotYanked(ModelReference reference, Resolved found) {
    if (reference.digest().isEmpty()) {
      cache.available(ModelReference.of(found.model()));
    }
  }

  private boolean isHere(Resolved found) {
    Optional<Digest> known = known(found.model());
    known
        .filter(d -> !d.equals(found.digest()))
        .ifPresent(
            d -> {
              throw new ProblemException(
                  ProblemKind.VERSION_EXISTS,
                  found.model()
                      + " of "
                      + address()
                      + " was "
                      + d
                      + " when it was pulled first and is "
                      + found.digest()
                      + " now: a version never changes, so somebody replaced it; ask who runs the"
                      + " registry, or pull the digest that you trust");
            });
    return known.isPresent();
  }

  private Optional<Digest> known(ModelVersion model) {
    try {
      return Optional.of(cache.resolve(ModelReference.of(model)).digest());
    } catch (ProblemException e) {
      if (e.kind() != ProblemKind.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static ModelReference pinned(Resolved found) {
    return new ModelReference(
        found.model().name(),
        new Tag.Exact(found.model().version()),
        true,
        Optional.of(found.digest()));
  }

  /** A version as the registry has it. */
  private record Remote(Resolved found, Blob blob, Manifest manifest) {
    ModelName name() {
      return found.model().name();
    }

    ModelDetails details(byte[] description) {
      return new ModelDetails(
          found.model(),
          found.digest(),
          manifest.files(),
          new String(description, java.nio.charset.StandardCharsets.UTF_8));
    }

    List<Blob> blobs() {
      Set<Blob> all = new LinkedHashSet<>();
      all.add(manifest.config());
      manifest.files().forEach(f -> all.add(f.blob()));
      return List.copyOf(all);
    }
  }

  private final Map<Digest, byte[]> manifests = new java.util.concurrent.ConcurrentHashMap<>();

  private Remote fetchManifest(Resolved found) {
    Found manifest =
        client()
            .manifest(found.model().name(), found.digest().toString())
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NOT_FOUND,
                        address()
                            + " lists "
                            + found.model()
                            + " but does not have its manifest "
                            + found.digest()
                            + "; push the version again"));
    manifests.put(manifest.digest(), manifest.bytes());
    return new Remote(
        found,
        new Blob(manifest.digest(), manifest.bytes().length),
        Manifest.parse(manifest.bytes(), address() + ": the manifest of " + found.model()));
  }

  private byte[] read(Blob blob) {
    return cache.incoming().read(blob);
  }

  private void fetch(Resolved found) {
    Remote remote = fetchManifest(found);
    Fetching fetching = new Fetching(remote);
    fetching.describe();
    byte[] description = read(remote.manifest().description().blob());
    String where = address() + ": " + found.model() + ": " + PackageIdentity.FILE;
    PackageIdentity.parse(description, where).requireIs(found.model(), where);
    admission.require(
        new Arrival(found.model(), found.digest(), remote.manifest().files(), documents(fetching)));
    List<Digest> needed =
        Stream.concat(Stream.of(remote.blob()), remote.blobs().stream()).map(Blob::digest).toList();
    try (PinnedBlobs pin = cache.pin(needed)) {
      fetching.everything();
      pin.renew();
      cache.adopt(List.of(new IndexEntry(found.model(), remote.blob())), new Source(remote));
    }
  }

  /** Brings the blobs of one version into the pool of the cache. */
  private final class Fetching {
    /** Larger files are no documents to be looked at before the networks are fetched. */
    private static final long LARGEST_DOCUMENT = 16L << 20;

    private final Remote remote;
    private final Transfer transfer = new Transfer();
    private final BlobDownload download;

    Fetching(Remote remote) {
      this.remote = remote;
      this.download =
          new BlobDownload(client(), cache.incoming(), access.listener(), transfer::isStopped);
    }

    /** The description alone, so that a wrong model is noticed early. */
    void describe() {
      small(remote.manifest().description().blob());
    }

    byte[] small(Blob blob) {
      if (blob.size() > LARGEST_DOCUMENT) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            address()
                + ": "
                + remote.found().model()
                + " has a document of "
                + blob.size()
                + " bytes, more than the "
                + LARGEST_DOCUMENT
                + " allowed");
      }
      IncomingBlobs incoming = cache.incoming();
      if (!incoming.has(blob)) {
        requireSpace(List.of(blob));
        download.fetch(remote.name(), blob);
      }
      return incoming.read(blob);
    }

    void everything() {
      IncomingBlobs incoming = cache.incoming();
      List<Blob> missing =
          remote.blobs().stream()
              .filter(b -> !incoming.has(b) && !isElsewhere(b))
              .sorted(Comparator.comparingLong(Blob::size).reversed())
              .toList();
      requireSpace(missing);
      access
          .listener()
          .begin(
              "pulling " + remote.found().model(),
              missing.size(),
              missing.stream().mapToLong(Blob::size).sum());
      try {
        transfer.run(
            missing.stream().map(b -> (Runnable) () -> download.fetch(remote.name(), b)).toList(),
            access.settings().parallel());
      } finally {
        access.listener().end();
      }
    }

    private boolean isElsewhere(Blob blob) {
      for (LocalZoo other : access.elsewhere()) {
        Optional<Path> file = other.incoming().pooled(blob);
        if (file.isPresent() && cache.incoming().take(blob, file.get())) {
          return true;
        }
      }
      return false;
    }

    private void requireSpace(List<Blob> blobs) {
      double wanted = blobs.stream().mapToDouble(Blob::size).sum();
      double there = blobs.stream().mapToDouble(b -> cache.incoming().begun(b)).sum();
      long usable = cache.incoming().usable();
      if (wanted - there > usable) {
        throw new ProblemException(
            ProblemKind.DISK,
            String.format(
                java.util.Locale.ROOT,
                "%s needs %,.0f bytes more and %s has %,d left; free some space or choose another"
                    + " place with --cache",
                remote.found().model(),
                wanted - there,
                cache.root(),
                usable));
      }
    }
  }

  /** What the cache adopts a version from: nearly everything is in its pool by then. */
  private class Source implements BlobSource {
    private final Remote remote;

    Source(Remote remote) {
      this.remote = remote;
    }

    @Override
    public boolean has(Digest digest) {
      return remote.blob().digest().equals(digest)
          || remote.blobs().stream().anyMatch(b -> b.digest().equals(digest));
    }

    @Override
    public Optional<InputStream> open(Digest digest) throws IOException {
      byte[] manifest = manifests.get(digest);
      if (manifest != null) {
        return Optional.of(new ByteArrayInputStream(manifest));
      }
      Optional<Path> fetched =
          remote.blobs().stream()
              .filter(b -> b.digest().equals(digest))
              .findFirst()
              .flatMap(cache.incoming()::pooled);
      return fetched.isPresent()
          ? Optional.of(Files.newInputStream(fetched.get()))
          : RemoteZoo.this.open(remote.name(), digest);
    }

    @Override
    public String title() {
      return address().toString();
    }

    @Override
    public String remedy() {
      return "tell who runs it";
    }
  }

  /** The small files of a version, which are kept once they were looked at. */
  private BlobSource documents(Fetching fetching) {
    return new Source(fetching.remote) {
      @Override
      public Optional<InputStream> open(Digest digest) {
        return fetching.remote.blobs().stream()
            .filter(b -> b.digest().equals(digest))
            .findFirst()
            .map(b -> new ByteArrayInputStream(fetching.small(b)));
      }
    };
  }

  /** The blobs of a model's repository, as a stream each, neither verified nor resumed. */
  private Optional<InputStream> open(ModelName name, Digest digest) throws IOException {
    RegistryHttp.Answer answer = client().blob(name, new Blob(digest, 0), 0, Optional.empty());
    if (answer.status() == 404) {
      answer.close();
      return Optional.empty();
    }
    if (answer.status() != 200) {
      answer.close();
      throw new FileNotFoundException(address() + " answers " + answer.status());
    }
    return Optional.of(new BodyStream(answer, access.settings().patience()));
  }

  /**
   * Publishes the files of a directory as a version.
   *
   * @throws ProblemException BAD_DATA, PARITY as for a zoo on this machine; VERSION_EXISTS, before
   *     anything is sent, when the version is there with other files; OFFLINE, NETWORK,
   *     AUTHENTICATION
   */
  public Published push(Path directory, ModelVersion model) {
    RegistryClient to = client();
    PackedModel packed = PackedModel.read(directory, model);
    Digest digest = packed.digest();
    String tag = model.version().toString();
    if (isThere(to, model, digest)) {
      return new Published(model, digest, false);
    }
    packed.requireProven();
    send(to, packed);
    // Not before the last moment: registries other than ours replace tags without asking.
    if (isThere(to, model, digest)) {
      return new Published(model, digest, false);
    }
    to.putManifest(model.name(), tag, packed.manifest());
    if (!isThere(to, model, digest)) {
      throw new ProblemException(
          ProblemKind.NETWORK,
          address() + " took " + model + " but does not have it; push it again");
    }
    return new Published(model, digest, true);
  }

  private boolean isThere(RegistryClient to, ModelVersion model, Digest digest) {
    Optional<Digest> there = to.digest(model.name(), model.version().toString());
    there
        .filter(d -> !d.equals(digest))
        .ifPresent(
            d -> {
              throw new ProblemException(
                  ProblemKind.VERSION_EXISTS,
                  model
                      + " exists already at "
                      + address()
                      + " as "
                      + d
                      + " and never changes; these files are "
                      + digest
                      + ": push them under a new version");
            });
    return there.isPresent();
  }

  private void send(RegistryClient to, PackedModel packed) {
    Map<Blob, Supplier<BodyPublisher>> contents = new LinkedHashMap<>();
    byte[] config = packed.config();
    contents.put(Blob.of(config), () -> BodyPublishers.ofByteArray(config));
    for (PackageFile file : packed.files()) {
      contents.put(file.blob(), () -> file(packed.source(file)));
    }
    ModelName name = packed.model().name();
    access
        .listener()
        .begin(
            "pushing " + packed.model(),
            contents.size(),
            contents.keySet().stream().mapToLong(Blob::size).sum());
    try {
      List<Runnable> works = new ArrayList<>();
      contents.forEach((blob, content) -> works.add(() -> send(to, name, blob, content)));
      new Transfer().run(works, access.settings().parallel());
    } finally {
      access.listener().end();
    }
  }

  private void send(RegistryClient to, ModelName name, Blob blob, Supplier<BodyPublisher> content) {
    if (!to.has(name, blob) && !isMounted(to, name, blob)) {
      to.upload(name, blob, () -> new CountedBody(content.get(), access.listener()));
    } else {
      access.listener().moved(blob.size());
    }
  }

  /** Models that were pulled from the same registry show which of its repositories hold a blob. */
  private boolean isMounted(RegistryClient to, ModelName name, Blob blob) {
    return cache.holding(blob.digest()).stream()
        .filter(other -> !other.equals(name))
        .limit(1)
        .anyMatch(other -> to.mount(name, blob, other));
  }

  private static BodyPublisher file(Path file) {
    try {
      return BodyPublishers.ofFile(file);
    } catch (FileNotFoundException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + " is gone; push the whole directory again", e);
    }
  }
}
