package org.xrv.zoo.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.IndexEntry;
import org.xrv.zoo.store.OciIndex;
import org.xrv.zoo.store.Statements;

/**
 * An OCI image layout in an uncompressed tar archive, read in place. Nothing is unpacked under a
 * name that the archive chose; links, devices, sparse files and paths that lead elsewhere are
 * refused all the same, since no bundle has them.
 */
final class TarBundle implements Bundle {
  /** Where the headers of POSIX and GNU archives say "ustar". */
  private static final int MAGIC_OFFSET = 257;

  /** A header takes one block. */
  private static final long MAX_HEADER_BYTES = 512L * (LayoutNames.MAX_MEMBERS + 1000);

  /** Types of members that are files with bytes of their own. */
  private static final Set<Byte> PLAIN =
      Set.of(TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG);

  private final Path file;
  private final TarFile tar;
  private final Map<String, TarArchiveEntry> members = new HashMap<>();
  private OciIndex index = new OciIndex(List.of());

  private TarBundle(Path file, TarFile tar) {
    this.file = file;
    this.tar = tar;
  }

  static TarBundle read(Path file) {
    requireTar(file);
    TarBundle bundle = new TarBundle(file, open(file));
    try {
      bundle.readMembers();
      bundle.readIndex();
      return bundle;
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  /** Whether a file begins as tar archives do. */
  static boolean isTar(Path file) throws IOException {
    byte[] start = start(file);
    return start.length == 512
        && new String(start, MAGIC_OFFSET, 5, StandardCharsets.ISO_8859_1).equals("ustar");
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(512);
    }
  }

  private static void requireTar(Path file) {
    try {
      byte[] start = start(file);
      if (start.length > 1 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
        throw bad(file, "is compressed; unpack it with gunzip first");
      }
      if (!isTar(file)) {
        throw bad(file, "is no tar archive; name what xrv-zoo export wrote");
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static TarFile open(Path file) {
    try {
      LimitedChannel channel = new LimitedChannel(Files.newByteChannel(file), MAX_HEADER_BYTES);
      try {
        TarFile tar = new TarFile(channel);
        channel.lift();
        return tar;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw new ProblemException(
            ProblemKind.DIGEST_MISMATCH,
            file + " is damaged, or cut off: " + e.getMessage() + "; copy it again",
            e);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private void readMembers() {
    for (TarArchiveEntry entry : tar.getEntries()) {
      String name = entry.getName();
      if (!entry.isCheckSumOK()) {
        throw new ProblemException(
            ProblemKind.DIGEST_MISMATCH,
            file + " is damaged: the header of a member is; copy it again");
      }
      if (name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..")) {
        throw bad(file, "has a member whose path leads elsewhere: " + quoted(name));
      }
      if (entry.isSparse()) {
        throw bad(file, "has a sparse member, which no bundle has: " + quoted(name));
      }
      byte type = entry.getLinkFlag();
      if (type == TarConstants.LF_DIR) {
        continue;
      }
      if (!PLAIN.contains(type)) { // not isFile(): that takes devices for files
        throw bad(file, "has a member that is a link or a device: " + quoted(name));
      }
      String plain = name.startsWith("./") ? name.substring(2) : name;
      if (members.put(plain, entry) != null) {
        throw bad(file, "has two members of the name " + quoted(plain));
      }
    }
  }

  /** A hostile name may be long, or hold what a terminal obeys. */
  private static String quoted(String name) {
    String shown = name.length() > 100 ? name.substring(0, 100) + "..." : name;
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  private void readIndex() {
    OciIndex.requireLayout(content(OciIndex.MARKER_FILE), file + ": " + OciIndex.MARKER_FILE);
    index = OciIndex.parse(content(OciIndex.FILE), file + ": " + OciIndex.FILE);
  }

  private byte[] content(String name) {
    TarArchiveEntry entry = members.get(name);
    if (entry == null) {
      throw digests().isEmpty()
          ? bad(file, "is no bundle: it has no " + name)
          : new ProblemException(
              ProblemKind.DIGEST_MISMATCH,
              file + " is cut off: it has no " + name + "; copy it again");
    }
    try (InputStream in = tar.getInputStream(entry)) {
      return in.readNBytes(LayoutNames.MAX_INDEX_BYTES + 1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
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
    members.keySet().forEach(name -> LayoutNames.digest(name).ifPresent(digests::add));
    return digests;
  }

  @Override
  public boolean has(Digest digest) {
    return members.containsKey(LayoutNames.of(digest));
  }

  @Override
  public Optional<InputStream> open(Digest digest) throws IOException {
    TarArchiveEntry entry = members.get(LayoutNames.of(digest));
    return entry == null ? Optional.empty() : Optional.of(tar.getInputStream(entry));
  }

  @Override
  public String title() {
    return file.toString();
  }

  @Override
  public void close() {
    try {
      tar.close();
    } catch (IOException e) {
      throw unreadable(file, e); // it was only read, so nothing is lost
    }
  }

  private static ProblemException bad(Path file, String problem) {
    return new ProblemException(ProblemKind.BAD_DATA, file + " " + problem);
  }

  private static ProblemException unreadable(Path file, IOException e) {
    return new ProblemException(
        ProblemKind.BAD_DATA, "cannot read " + file + ": " + e.getMessage(), e);
  }
}
