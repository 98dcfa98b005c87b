package org.xrv.zoo.bundle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.Blob;
import org.xrv.zoo.store.BlobSource;
import org.xrv.zoo.store.FreeSpace;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.OciIndex;
import org.xrv.zoo.store.StoredVersion;
import org.xrv.zoo.store.VerifiedStream;

/**
 * Writes versions of a zoo as a bundle. The same versions give the same bytes, on every machine and
 * at every time. Each blob is verified while it is copied; a bundle appears whole or not at all.
 */
public final class Export {
  private Export() {}

  /** A file of the layout. */
  private record Content(long size, Source source) {}

  /** Where its bytes come from. */
  @FunctionalInterface
  private interface Source {
    InputStream open() throws IOException;
  }

  /**
   * Exports versions.
   *
   * @param out a tar archive when it ends in {@code .tar}, which replaces an older file, else a
   *     directory that is not there yet
   * @param known blobs that the receiver has, which are left out; manifests never are
   * @throws ProblemException NOT_FOUND; DIGEST_MISMATCH when a blob of the zoo is damaged; DISK.
   *     Nothing is written then
   */
  public static Exported write(
      LocalZoo zoo, List<ModelReference> references, Path out, Set<Digest> known) {
    String name = out.getFileName() == null ? "" : out.getFileName().toString();
    if (name.toLowerCase(Locale.ROOT).matches(".*\\.(tgz|gz|zip|xz|zst|bz2)")) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "--out "
              + out
              + " names a compressed file; weights do not get smaller, so write a .tar or a"
              + " directory");
    }
    SortedMap<ModelVersion, StoredVersion> versions = new TreeMap<>();
    for (ModelReference reference : references) {
      StoredVersion stored = zoo.stored(reference);
      versions.put(stored.model(), stored);
    }
    OciIndex index =
        new OciIndex(
            versions.values().stream().map(StoredVersion::entry).toList(),
            zoo.statements(versions.keySet()));
    BlobSource source = zoo.blobs();
    SortedMap<String, Content> blobs = new TreeMap<>();
    SortedMap<String, Content> leftOut = new TreeMap<>();
    for (StoredVersion version : versions.values()) {
      add(version.manifest(), source, blobs);
      for (Blob blob : version.blobs()) {
        add(blob, source, known.contains(blob.digest()) ? leftOut : blobs);
      }
    }
    SortedMap<String, Content> files = new TreeMap<>(blobs);
    add(OciIndex.FILE, index.toJson(), files);
    add(OciIndex.MARKER_FILE, OciIndex.marker(), files);
    if (files.size() > LayoutNames.MAX_MEMBERS) {
      throw new ProblemException(
          ProblemKind.USAGE,
          files.size()
              + " files are more than the "
              + LayoutNames.MAX_MEMBERS
              + " of one bundle; make several");
    }
    long content = files.values().stream().mapToLong(Content::size).sum();
    FreeSpace.require(out, content, "the bundle");
    if (name.endsWith(".tar")) {
      AtomicFiles.write(out, stream -> writeTar(files, stream));
    } else {
      AtomicFiles.writeDirectory(out, directory -> writeDirectory(files, directory));
    }
    long bytes = blobs.values().stream().mapToLong(Content::size).sum();
    return new Exported(index.entries(), blobs.size(), bytes, leftOut.size());
  }

  private static void add(Blob blob, BlobSource source, Map<String, Content> into) {
    into.put(
        LayoutNames.of(blob.digest()),
        new Content(blob.size(), () -> VerifiedStream.open(source, blob)));
  }

  private static void add(String name, byte[] bytes, Map<String, Content> into) {
    into.put(name, new Content(bytes.length, () -> new ByteArrayInputStream(bytes)));
  }

  private static void writeDirectory(SortedMap<String, Content> files, Path directory)
      throws IOException {
    for (var file : files.entrySet()) {
      Path target = directory.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      try (InputStream in = file.getValue().source().open()) {
        Files.copy(in, target);
      }
    }
  }

  private static void writeTar(SortedMap<String, Content> files, OutputStream out)
      throws IOException {
    // Not closed: that would close what the caller still has to bring to the disk.
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    for (String directory : List.of("blobs/", LayoutNames.BLOBS)) {
      tar.putArchiveEntry(entry(directory, 0, 0755));
      tar.closeArchiveEntry();
    }
    for (var file : files.entrySet()) {
      tar.putArchiveEntry(entry(file.getKey(), file.getValue().size(), 0644));
      try (InputStream in = file.getValue().source().open()) {
        in.transferTo(tar);
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
  }

  /** Without anything that tells who wrote it, and when. */
  private static TarArchiveEntry entry(String name, long size, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(mode);
    entry.setModTime(FileTime.fromMillis(0));
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }
}
