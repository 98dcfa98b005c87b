package org.xrv.zoo.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.xrv.zoo.name.Digest;

/** The blobs of a zoo. A copy of a zoo may lack the pool, or some models. */
final class ZooBlobs implements BlobSource {
  private final ZooPaths paths;
  private final VersionRefs refs;

  ZooBlobs(ZooPaths paths, VersionRefs refs) {
    this.paths = paths;
    this.refs = refs;
  }

  private Optional<Path> find(Digest digest) {
    Path pooled = paths.pooled(digest);
    return Files.isRegularFile(pooled)
        ? Optional.of(pooled)
        : refs.models().stream()
            .flatMap(name -> Stream.of(paths.blob(name, digest)))
            .filter(Files::isRegularFile)
            .findFirst();
  }

  @Override
  public boolean has(Digest digest) {
    return find(digest).isPresent();
  }

  @Override
  public Optional<InputStream> open(Digest digest) throws IOException {
    Optional<Path> file = find(digest);
    return file.isEmpty() ? Optional.empty() : Optional.of(Files.newInputStream(file.get()));
  }

  @Override
  public String title() {
    return "the zoo " + paths.root();
  }

  @Override
  public String remedy() {
    return "push the version again from its original files, and check the disk";
  }
}
