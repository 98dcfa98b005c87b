package org.xrv.converter.torch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The format of PyTorch 1.6 and later: a zip archive with NAME/data.pkl, NAME/data/KEY for each
 * storage, and NAME/byteorder.
 */
final class ZipCheckpoint implements CheckpointFile {
  private static final String PICKLE = "/data.pkl";

  private final ZipFile zip;
  private final String folder;
  private final Object root;

  private ZipCheckpoint(ZipFile zip, String folder, Object root) {
    this.zip = zip;
    this.folder = folder;
    this.root = root;
  }

  static ZipCheckpoint open(Path file) throws IOException {
    ZipFile zip = new ZipFile(file.toFile());
    try {
      List<? extends ZipEntry> pickles =
          zip.stream().filter(e -> e.getName().matches("[^/]+" + PICKLE)).limit(2).toList();
      if (pickles.size() != 1) {
        throw Unreadable.refused(
            "is a zip archive, but not of PyTorch: it has "
                + (pickles.isEmpty() ? "no" : "more than one")
                + " data.pkl");
      }
      String name = pickles.get(0).getName();
      String folder = name.substring(0, name.length() - PICKLE.length());
      if (zip.getEntry(folder + "/constants.pkl") != null) {
        throw Unreadable.refused(
            "is a TorchScript program; save its weights with"
                + " torch.save(torch.jit.load(FILE).state_dict(), FILE)");
      }
      ZipEntry order = zip.getEntry(folder + "/byteorder");
      if (order != null) {
        String text = new String(whole(zip, order, 16), StandardCharsets.US_ASCII).strip();
        if (!text.equals("little")) {
          throw Unreadable.refused(
              "has the byte order '" + text + "'; little is read, save it on such a machine");
        }
      }
      byte[] pickle = whole(zip, pickles.get(0), MOST_PICKLE_BYTES);
      PickleInput in = new PickleInput(new ByteArrayInputStream(pickle), pickle.length);
      return new ZipCheckpoint(zip, folder, new PickleReader(in, CheckpointFile::storage).read());
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public ByteBuffer bytes(StorageRef storage) throws IOException {
    ZipEntry entry = zip.getEntry(folder + "/data/" + storage.key());
    if (entry == null) {
      throw Unreadable.damaged("storage '" + storage.key() + "' is missing");
    }
    int length = CheckpointFile.arrayLength(storage);
    if (entry.getSize() != length) {
      throw Unreadable.damaged(
          "storage '"
              + storage.key()
              + "' has "
              + entry.getSize()
              + " bytes, its tensors need "
              + length);
    }
    return ByteBuffer.wrap(whole(zip, entry, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** An entry's bytes, compared with its checksum, which ZipFile does not do. */
  private static byte[] whole(ZipFile zip, ZipEntry entry, long most) throws IOException {
    if (entry.getSize() > most) {
      throw Unreadable.damaged(entry.getName() + " has " + entry.getSize() + " bytes");
    }
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes((int) entry.getSize());
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    if (bytes.length != entry.getSize() || checksum.getValue() != entry.getCrc()) {
      throw Unreadable.damaged(entry.getName() + " does not have its checksum; copy it again");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
