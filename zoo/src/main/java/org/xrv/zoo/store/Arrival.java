package org.xrv.zoo.store;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/**
 * A version that comes from elsewhere, before anything of it has a name here. Its manifest is
 * verified; the files are what their digests say, since nothing else is taken over later.
 *
 * @param model what it was asked for as
 * @param digest of the manifest
 * @param files by the manifest
 * @param source holds their bytes
 */
public record Arrival(
    ModelVersion model, Digest digest, List<PackageFile> files, BlobSource source) {
  public Arrival {
    Objects.requireNonNull(model);
    Objects.requireNonNull(digest);
    Objects.requireNonNull(source);
    files = List.copyOf(files);
  }

  /** Digests of the files by their paths. */
  public Map<String, Digest> digests() {
    Map<String, Digest> digests = new TreeMap<>();
    files.forEach(f -> digests.put(f.path().text(), f.blob().digest()));
    return digests;
  }

  /**
   * Reads a small file, verified.
   *
   * @return empty when the version has no such file
   * @throws ProblemException DIGEST_MISMATCH; BAD_DATA when it is larger than a manifest may be
   */
  public Optional<byte[]> read(String path) {
    Optional<Blob> found =
        files.stream().filter(f -> f.path().text().equals(path)).map(PackageFile::blob).findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String where = source.title() + ": " + model + ": " + path;
    if (found.get().size() > ZooJson.MAX_BYTES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          where + " is larger than the " + ZooJson.MAX_BYTES + " bytes allowed");
    }
    try (VerifiedStream in = VerifiedStream.open(source, found.get())) {
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + where + ": " + e.getMessage(), e);
    }
  }

  /** The bytes of {@code xrv-model.json}, verified. */
  public byte[] description() {
    return read(ModelPackage.DESCRIPTION).orElseThrow(); // without one there is no manifest
  }
}
