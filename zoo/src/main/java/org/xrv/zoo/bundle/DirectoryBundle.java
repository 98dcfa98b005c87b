package org.xrv.zoo.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.OciIndex;
import org.xrv.zoo.store.Statements;

/** An OCI image layout in a directory. Symbolic links in it are not followed. */
final class DirectoryBundle implements Bundle {
  private final Path directory;
  private final OciIndex index;

  private DirectoryBundle(Path directory, OciIndex index) {
    this.directory = directory;
    this.index = index;
  }

  static DirectoryBundle read(Path directory) {
    Path marker = directory.resolve(OciIndex.MARKER_FILE);
    OciIndex.requireLayout(content(marker), marker.toString());
    Path index = directory.resolve(OciIndex.FILE);
    return new DirectoryBundle(directory, OciIndex.parse(content(index), index.toString()));
  }

  private static byte[] content(Path file) {
    if (!isFile(file)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + " is missing or no regular file; copy the bundle again");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(LayoutNames.MAX_INDEX_BYTES + 1);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private Path file(Digest digest) {
    return directory.resolve(LayoutNames.of(digest));
  }

  @Override
  public List<IndexEntry> versions() {
    return index.entries();
  }

  @Override
  public Statements statements() {
    return index.statements();
  }

  @Override
  public Set<Digest> digests() {
    Set<Digest> digests = new HashSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.resolve(LayoutNames.BLOBS))) {
      for (Path file : files) {
        if (isFile(file)) {
          LayoutNames.digest(LayoutNames.BLOBS + file.getFileName()).ifPresent(digests::add);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + directory + ": " + e.getMessage(), e);
    }
    return digests;
  }

  @Override
  public boolean has(Digest digest) {
    return isFile(file(digest));
  }

  @Override
  public Optional<InputStream> open(Digest digest) throws IOException {
    return has(digest) ? Optional.of(Files.newInputStream(file(digest))) : Optional.empty();
  }

  @Override
  public String title() {
    return directory.toString();
  }

  @Override
  public void close() {}
}
