package org.xrv.zoo.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.name.Tag;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.BlobSource;
import org.xrv.zoo.store.Depot;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Manifest;
import org.xrv.zoo.store.PackageFile;
import org.xrv.zoo.store.Published;
import org.xrv.zoo.store.ZooJson;

/**
 * Publishes versions by the rules of the zoo itself: what arrives over the wire is adopted as from
 * any other source, every byte read again.
 */
final class Publishing {
  private static final int MOST_NAMED = 5;

  private final LocalZoo zoo;
  private final Depot depot;

  /** Blobs that turned out to be damaged here: they are said to be missing, so that they come. */
  private final Set<Digest> damaged = ConcurrentHashMap.newKeySet();

  /** Publishes into a zoo, which may be public. */
  Publishing(LocalZoo zoo) {
    this.zoo = zoo;
    this.depot = zoo.depot();
  }

  /** The blob of a model, for one who wants to push it or to have it. */
  Optional<Path> find(ModelName name, Digest digest) {
    return damaged.contains(digest) ? Optional.empty() : depot.find(name, digest);
  }

  /** A blob arrived, sound. */
  void arrived(Digest digest) {
    damaged.remove(digest);
  }

  /**
   * Publishes a manifest under a version; under an alias, moves the alias to the version that the
   * manifest is.
   *
   * @return the version
   * @throws Refusal 4xx
   * @throws ProblemException when the zoo refuses
   */
  Published publish(ModelName name, String reference, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    if (Names.isDigest(reference)) {
      return byDigest(name, Names.digest(reference), digest);
    }
    Tag tag =
        Names.tag(reference)
            .orElseThrow(
                () ->
                    new Refusal(
                        400,
                        OciCode.MANIFEST_INVALID,
                        "'"
                            + reference
                            + "' is neither a version, such as 1.2.0, nor an alias, such as"
                            + " stable"));
    if (tag instanceof Tag.Exact exact) {
      return version(new ModelVersion(name, exact.version()), bytes, digest);
    }
    if (tag instanceof Tag.Alias alias) {
      Published published = published(name, digest, reference);
      zoo.setAlias(published.model(), alias);
      return published;
    }
    ModelReference asked = new ModelReference(name, tag, true, Optional.empty());
    try {
      if (zoo.resolve(asked).digest().equals(digest)) {
        return new Published(zoo.resolve(asked).model(), digest, false);
      }
    } catch (ProblemException e) {
      // said below
    }
    throw new Refusal(
        409,
        OciCode.DENIED,
        "'"
            + reference
            + "' is computed here, from the versions there are; push a version, such"
            + " as 1.2.0");
  }

  private Published byDigest(ModelName name, Digest asked, Digest digest) {
    if (!asked.equals(digest)) {
      throw new Refusal(
          400, OciCode.DIGEST_INVALID, "the manifest has digest " + digest + ", not " + asked);
    }
    return published(name, digest, "a digest");
  }

  private Published published(ModelName name, Digest digest, String instead) {
    try {
      return new Published(
          zoo.resolve(new ModelReference(name, new Tag.Latest(), false, Optional.of(digest)))
              .model(),
          digest,
          false);
    } catch (ProblemException e) {
      throw new Refusal(
          400,
          OciCode.MANIFEST_INVALID,
          "the zoo holds versions of models and nothing else: push this manifest under a version,"
              + " such as 1.2.0, before it can be "
              + instead);
    }
  }

  private Published version(ModelVersion model, byte[] bytes, Digest digest) {
    Manifest manifest = manifest(bytes);
    requireBlobs(model.name(), manifest);
    try {
      return zoo.adopt(
              List.of(new IndexEntry(model, new Blob(digest, bytes.length))),
              new Pushed(model.name(), digest, bytes))
          .get(0);
    } catch (ProblemException e) {
      if (e.kind() == ProblemKind.DIGEST_MISMATCH) {
        List<Digest> wrong = wrong(model.name(), manifest);
        if (!wrong.isEmpty()) {
          damaged.addAll(wrong);
          throw lacking(wrong);
        }
      }
      throw e;
    }
  }

  private static Manifest manifest(byte[] bytes) {
    String where = "the manifest";
    ObjectNode json;
    Manifest manifest;
    try {
      json = ZooJson.parse(bytes, where);
      manifest = Manifest.parse(bytes, where);
    } catch (ProblemException e) {
      throw new Refusal(400, OciCode.MANIFEST_INVALID, e.getMessage());
    }
    String type = json.path("mediaType").asText(Manifest.MEDIA_TYPE);
    if (!type.equals(Manifest.MEDIA_TYPE)) {
      throw new Refusal(
          400,
          OciCode.MANIFEST_INVALID,
          "the manifest's mediaType should be " + Manifest.MEDIA_TYPE + ", not " + type);
    }
    return manifest;
  }

  private static Stream<Blob> blobs(Manifest manifest) {
    return Stream.concat(
        Stream.of(manifest.config()), manifest.files().stream().map(PackageFile::blob));
  }

  private void requireBlobs(ModelName name, Manifest manifest) {
    List<Digest> lacking = new ArrayList<>();
    for (Blob blob : blobs(manifest).toList()) {
      Optional<Path> file = find(name, blob.digest());
      if (file.isEmpty()) {
        lacking.add(blob.digest());
      } else if (file.get().toFile().length() != blob.size()) {
        if (depot.isDamaged(name, blob.digest())) {
          damaged.add(blob.digest());
          lacking.add(blob.digest());
        } else {
          throw new Refusal(
              400,
              OciCode.MANIFEST_INVALID,
              "the manifest says that "
                  + blob.digest()
                  + " has "
                  + blob.size()
                  + " bytes; it has "
                  + file.get().toFile().length());
        }
      }
    }
    if (!lacking.isEmpty()) {
      throw lacking(lacking);
    }
  }

  private List<Digest> wrong(ModelName name, Manifest manifest) {
    return blobs(manifest).map(Blob::digest).filter(d -> depot.isDamaged(name, d)).toList();
  }

  private static Refusal lacking(List<Digest> digests) {
    return new Refusal(
        404,
        OciCode.MANIFEST_BLOB_UNKNOWN,
        "the server lacks "
            + digests.size()
            + " blobs of this manifest; push again: "
            + String.join(", ", digests.stream().limit(MOST_NAMED).map(Digest::toString).toList()));
  }

  /**
   * What the alias means no more.
   *
   * @throws Refusal 404, 405
   */
  SemanticVersion removeAlias(ModelName name, String reference) {
    Optional<Tag> tag = Names.tag(reference);
    if (tag.isEmpty() || !(tag.get() instanceof Tag.Alias alias)) {
      throw new Refusal(
          405,
          OciCode.UNSUPPORTED,
          "versions are not deleted; their publisher can yank them: xrv-zoo yank");
    }
    SemanticVersion was = zoo.aliases(name).get(alias.alias());
    zoo.removeAlias(name, alias);
    return was;
  }

  /** What somebody pushed: the manifest, and the blobs that came before it. */
  private final class Pushed implements BlobSource {
    private final ModelName name;
    private final Digest manifest;
    private final byte[] bytes;

    private Pushed(ModelName name, Digest manifest, byte[] bytes) {
      this.name = name;
      this.manifest = manifest;
      this.bytes = bytes;
    }

    @Override
    public boolean has(Digest digest) {
      return digest.equals(manifest) || find(name, digest).isPresent();
    }

    @Override
    public Optional<InputStream> open(Digest digest) throws IOException {
      if (digest.equals(manifest)) {
        return Optional.of(new ByteArrayInputStream(bytes));
      }
      Optional<Path> file = find(name, digest);
      return file.isEmpty() ? Optional.empty() : Optional.of(Files.newInputStream(file.get()));
    }

    @Override
    public String title() {
      return "the push";
    }

    @Override
    public String remedy() {
      return "push it again";
    }
  }
}
