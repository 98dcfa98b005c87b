package org.xrv.zoo.bundle;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.BlobSource;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.OciIndex;
import org.xrv.zoo.store.Statements;

/** Versions on their way: an archive, a directory, or a copy of a whole zoo. */
public interface Bundle extends BlobSource, Closeable {
  /** What it lists; a delta may lack some of their blobs. */
  List<IndexEntry> versions();

  /** What it says about these versions: marks and aliases. */
  Statements statements();

  /** The blobs that it holds, by their names alone. */
  Set<Digest> digests();

  /**
   * Opens a bundle. Nothing in it is executed or unpacked, and no name in it is used as a path.
   *
   * @throws ProblemException NOT_FOUND when there is no such file; BAD_DATA when it is no bundle;
   *     DIGEST_MISMATCH when it is damaged
   */
  static Bundle open(Path path) {
    if (Files.isRegularFile(path)) {
      return TarBundle.read(path);
    }
    if (!Files.isDirectory(path)) {
      throw new ProblemException(
          ProblemKind.NOT_FOUND, "no bundle " + path + "; name a .tar file or a directory");
    }
    return Files.exists(path.resolve(OciIndex.MARKER_FILE))
            || Files.exists(path.resolve(OciIndex.FILE))
        ? DirectoryBundle.read(path)
        : ZooBundle.read(path);
  }

  @Override
  void close();

  @Override
  default String remedy() {
    return "copy it again from where it came; if it is so there too, export it again";
  }
}
