package org.xrv.core.dataset.files;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Packs members into an archive of the kind that its name says. */
public final class Packer {
  private final Map<String, byte[]> members = new LinkedHashMap<>();

  public Packer add(String member, String content) {
    return add(member, content.getBytes(StandardCharsets.UTF_8));
  }

  public Packer add(String member, byte[] content) {
    members.put(member, content);
    return this;
  }

  /** A file under another name, or the same. */
  public Packer add(String member, Path file) {
    try {
      return add(member, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path into(Path archive) {
    String name = archive.getFileName().toString();
    try {
      Files.createDirectories(archive.toAbsolutePath().getParent());
      try (OutputStream out = Files.newOutputStream(archive)) {
        if (name.endsWith(".zip")) {
          zip(out);
        } else if (name.endsWith(".tar")) {
          tar(out);
        } else {
          tar(new GzipCompressorOutputStream(out));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive;
  }

  private void zip(OutputStream out) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putArchiveEntry(new ZipArchiveEntry(member.getKey()));
        zip.write(member.getValue());
        zip.closeArchiveEntry();
      }
    }
  }

  private void tar(OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        // As it is: names that lead out of the archive are what some tests are about.
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey(), true);
        entry.setSize(member.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(member.getValue());
        tar.closeArchiveEntry();
      }
    }
  }
}
