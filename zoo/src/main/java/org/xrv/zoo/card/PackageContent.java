package org.xrv.zoo.card;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.Arrival;
import org.xrv.zoo.store.PackageDirectory;
import org.xrv.zoo.store.PackagePath;
import org.xrv.zoo.store.ZooJson;

/** The files of a package, wherever it lies. */
public interface PackageContent {
  /** Digests by path. */
  Map<String, Digest> digests();

  /** A small file; empty when there is none. */
  Optional<byte[]> read(String path);

  /**
   * A package in a directory, as it is now.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA when it is none
   */
  static PackageContent of(Path directory) {
    Map<String, Digest> digests = new TreeMap<>();
    PackageDirectory.read(directory).forEach(f -> digests.put(f.path().text(), f.blob().digest()));
    return new PackageContent() {
      @Override
      public Map<String, Digest> digests() {
        return digests;
      }

      @Override
      public Optional<byte[]> read(String path) {
        return digests.containsKey(path)
            ? Optional.of(ZooJson.read(new PackagePath(path).in(directory)))
            : Optional.empty();
      }
    };
  }

  /** A version of a zoo. */
  static PackageContent of(Arrival version) {
    return new PackageContent() {
      @Override
      public Map<String, Digest> digests() {
        return version.digests();
      }

      @Override
      public Optional<byte[]> read(String path) {
        return version.read(path);
      }
    };
  }
}
