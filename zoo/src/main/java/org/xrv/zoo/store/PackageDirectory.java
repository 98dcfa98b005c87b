package org.xrv.zoo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;
import org.xrv.zoo.name.Digest;

/** A directory with a model package, as a user has it. */
public final class PackageDirectory {
  private PackageDirectory() {}

  /**
   * Finds and hashes all files.
   *
   * @throws ProblemException BAD_DATA for anything that is no regular file or directory, an empty
   *     directory, a name that does not work everywhere, or no {@code xrv-model.json}
   */
  public static List<PackageFile> read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw bad(directory, "is no directory; name the directory that holds the model's files");
    }
    if (!Files.isRegularFile(PackageIdentity.FILE.in(directory), LinkOption.NOFOLLOW_LINKS)) {
      throw bad(
          directory,
          "has no file " + PackageIdentity.FILE + "; name the directory of a model package");
    }
    List<PackageFile> files = new ArrayList<>();
    try {
      collect(directory, "", files);
    } catch (IOException | UncheckedIOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, "cannot read " + directory + ": " + e.getMessage(), e);
    }
    return files;
  }

  private static void collect(Path directory, String prefix, List<PackageFile> into)
      throws IOException {
    boolean empty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        empty = false;
        String path = prefix + entry.getFileName();
        BasicFileAttributes attributes =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
          collect(entry, path + "/", into);
        } else if (attributes.isRegularFile()) {
          into.add(
              new PackageFile(
                  new PackagePath(path),
                  new Blob(new Digest(Digests.sha256(entry)), attributes.size())));
        } else {
          throw bad(
              entry,
              "is a "
                  + (attributes.isSymbolicLink() ? "symbolic link" : "special file")
                  + "; a package holds regular files only: put the file itself there");
        }
      }
    }
    if (empty) {
      throw bad(directory, "is an empty directory, which a package cannot hold; remove it");
    }
  }

  private static ProblemException bad(Path path, String problem) {
    return new ProblemException(ProblemKind.BAD_DATA, path + " " + problem);
  }
}
