package org.xrv.zoo.store;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.modelpackage.PackageParity;
import org.xrv.core.modelpackage.PackageProvenance;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;

/** A directory as it is published: its files by digest, and the documents that go with them. */
public final class PackedModel {
  private final Path directory;
  private final ModelVersion model;
  private final PackageIdentity description;
  private final List<PackageFile> files;
  private final byte[] config;
  private final byte[] manifest;

  private PackedModel(
      Path directory,
      ModelVersion model,
      PackageIdentity description,
      List<PackageFile> files,
      byte[] config,
      byte[] manifest) {
    this.directory = directory;
    this.model = model;
    this.description = description;
    this.files = files;
    this.config = config;
    this.manifest = manifest;
  }

  /**
   * Reads a directory with all its bytes.
   *
   * @throws ProblemException BAD_DATA when it is no model package, or one of another model
   */
  public static PackedModel read(Path directory, ModelVersion model) {
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
    return new PackedModel(directory, model, description, manifest.files(), config, manifestBytes);
  }

  /**
   * Refuses networks without proof that runtimes agree about them, and a provenance of other files.
   *
   * @throws ProblemException PARITY; BAD_DATA for the provenance
   */
  public void requireProven() {
    Map<String, String> digests = new HashMap<>();
    files.forEach(f -> digests.put(f.path().text(), f.blob().digest().toString()));
    PackageParity.require(directory, digests);
    if (digests.containsKey(ModelPackage.PROVENANCE)) {
      byte[] provenance = ZooJson.read(directory.resolve(ModelPackage.PROVENANCE));
      PackageProvenance.require(directory.toString(), provenance, digests);
    }
  }

  /** What its description says. */
  public PackageIdentity description() {
    return description;
  }

  public ModelVersion model() {
    return model;
  }

  /** In the order of their paths. */
  public List<PackageFile> files() {
    return files;
  }

  /** Where a file lies. */
  public Path source(PackageFile file) {
    return file.path().in(directory);
  }

  /** The image configuration. */
  public byte[] config() {
    return config.clone();
  }

  /** The manifest. */
  public byte[] manifest() {
    return manifest.clone();
  }

  /** Of the manifest. */
  public Digest digest() {
    return Digest.of(manifest);
  }
}
