package org.xrv.core.dataset.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** The members of a .zip, from its central directory, which is read once. */
final class ZipListing {
  private ZipListing() {}

  static void read(Path file, Archive.Listing listing) {
    // Local headers are looked at when their members are read: here each would cost a seek.
    try (ZipFile zip = ZipFile.builder().setPath(file).setIgnoreLocalFileHeader(true).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        listing.count();
        if (entry.isDirectory() || entry.getName().startsWith("__MACOSX/")) {
          continue;
        }
        Optional<String> path = MemberNames.path(entry.getName());
        if (path.isEmpty() || entry.isUnixSymlink()) {
          listing.leaveOut(entry.getName());
          continue;
        }
        listing.add(
            path.get(),
            new MemberFile(
                file,
                path.get(),
                packing(entry),
                entry.getLocalHeaderOffset(),
                entry.getCompressedSize(),
                entry.getSize(),
                (int) entry.getCrc()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file
              + ": cannot be read as a zip archive: "
              + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
              + "; is it cut off? Fetch it again",
          e);
    }
  }

  private static MemberFile.Packing packing(ZipArchiveEntry entry) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      return MemberFile.Packing.ENCRYPTED;
    }
    return switch (entry.getMethod()) {
      case ZipEntry.STORED -> MemberFile.Packing.STORED;
      case ZipEntry.DEFLATED -> MemberFile.Packing.DEFLATED;
      default -> MemberFile.Packing.UNSUPPORTED;
    };
  }
}
