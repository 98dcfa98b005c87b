package org.xrv.zoo.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.card.PackageContent;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.signature.ModelSignature;
import org.xrv.zoo.signature.SigningKey;
import org.xrv.zoo.store.ZooJson;

/** Signs the directories of packages. */
public final class PackageSigner {
  /** A longer text in a JSON document is not read. */
  private static final int MAX_BYTES = 1 << 20;

  private PackageSigner() {}

  /**
   * Writes {@code model.sig}. A signature of the same files by the same key stays as it is: a
   * second one would be as good and have other bytes, so that the package could not be pushed
   * again.
   *
   * @return what is signed
   * @throws ProblemException BAD_DATA when the directory holds no package, or one without name and
   *     version; DISK
   */
  public static ModelVersion sign(Path directory, SigningKey key) {
    return sign(directory, PackageContent.of(directory).digests(), key);
  }

  /**
   * The same for somebody who knows the files.
   *
   * @param digests of all files of the directory, by their paths
   */
  public static ModelVersion sign(Path directory, Map<String, Digest> digests, SigningKey key) {
    ModelVersion model = identity(directory);
    Map<String, Digest> files = signed(directory, digests);
    Path file = directory.resolve(ModelPackage.SIGNATURE);
    if (!isSigned(file, files, key)) {
      byte[] made = ModelSignature.of(model.name().name(), files, key).toJson();
      if (made.length > MAX_BYTES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            directory + " has " + files.size() + " files, more than one signature can list");
      }
      AtomicFiles.write(file, made);
    }
    return model;
  }

  /**
   * Refuses a package whose signature is of other files; one without a signature passes.
   *
   * @param digests of all files of the directory, by their paths
   * @throws ProblemException TRUST
   */
  public static void requireFitting(Path directory, Map<String, Digest> digests) {
    if (!digests.containsKey(ModelPackage.SIGNATURE)) {
      return;
    }
    try {
      ModelSignature.parse(ZooJson.read(directory.resolve(ModelPackage.SIGNATURE)))
          .requireFiles(signed(directory, digests));
    } catch (ProblemException e) {
      throw new ProblemException(
          e.kind(), directory + ": " + e.getMessage() + "; sign it again, or delete the file", e);
    }
  }

  private static Map<String, Digest> signed(Path directory, Map<String, Digest> digests) {
    Map<String, Digest> files = new TreeMap<>(digests);
    files.remove(ModelPackage.SIGNATURE);
    for (String name : ModelSignature.LEFT_OUT) {
      if (files.keySet().stream().anyMatch(f -> f.equals(name) || f.startsWith(name + "/"))) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            directory.resolve(name) + " would not be protected by a signature; remove it");
      }
    }
    return files;
  }

  private static ModelVersion identity(Path directory) {
    Path file = directory.resolve(ModelPackage.DESCRIPTION);
    ObjectNode description = ZooJson.parse(ZooJson.read(file), file.toString());
    String name = description.path("name").asText();
    String version = description.path("version").asText();
    if (name.isEmpty() || version.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + " states no name or no version, without which a signature would fit any model; give"
              + " them: --as NAME:VERSION");
    }
    return ModelVersion.parse(name + ":" + version);
  }

  private static boolean isSigned(Path file, Map<String, Digest> files, SigningKey key) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      ModelSignature earlier = ModelSignature.parse(ZooJson.read(file));
      earlier.requireFiles(files);
      return earlier.signer(List.of(key.shown())).isPresent();
    } catch (ProblemException e) {
      return false; // it is of other files, or none: it is replaced
    }
  }
}
