package org.xrv.converter.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checkpoint's pickled value and the storages beside it. */
interface CheckpointFile extends AutoCloseable {
  /** No pickle of a checkpoint is larger: names, sizes and settings are in it, no values. */
  long MOST_PICKLE_BYTES = 64L << 20;

  /** What was saved. */
  Object root();

  /** The bytes of a storage, little-endian, all of them. */
  ByteBuffer bytes(StorageRef storage) throws IOException;

  @Override
  void close() throws IOException;

  /** Opens a file of either format. */
  static CheckpointFile open(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(512);
    }
    if (head.length >= 4 && head[0] == 'P' && head[1] == 'K') {
      return ZipCheckpoint.open(file);
    }
    if (head.length >= 2 && (head[0] & 0xff) == 0x80) {
      return LegacyCheckpoint.open(file);
    }
    if (head.length == 0) {
      throw Unreadable.damaged("it is empty");
    }
    if (head.length > 262 && new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar")) {
      throw Unreadable.refused(
          "is a tar archive, as PyTorch wrote before 2017; save it again with a later PyTorch");
    }
    if (head.length > 8 && head[8] == '{') {
      throw Unreadable.refused("looks like safetensors; name it FILE.safetensors");
    }
    throw Unreadable.damaged("it begins neither as a zip archive nor as a pickle");
  }

  /** The size of a storage in memory, before it is read. */
  static int arrayLength(StorageRef storage) {
    if (storage.bytes() > Integer.MAX_VALUE - 16L) {
      throw Unreadable.refused(
          "holds a storage of " + storage.bytes() + " bytes; up to 2 GB are read");
    }
    return (int) storage.bytes();
  }

  /** What the parts of a persistent id are: ('storage', class, key, device, elements). */
  static StorageRef storage(PickleList id) {
    if (id.items().size() >= 5
        && "storage".equals(id.items().get(0))
        && id.items().get(2) instanceof String key
        && id.items().get(4) instanceof Long elements) {
      GlobalName name = storageClass(id.items().get(1));
      TorchType type =
          TorchType.ofStorage(name)
              .orElseThrow(() -> Unreadable.refused("storages of class " + name + " are not read"));
      return new StorageRef(key, type, elements);
    }
    throw Unreadable.damaged("its pickle refers to what is no storage");
  }

  private static GlobalName storageClass(Object value) {
    if (value instanceof GlobalName name) {
      return name;
    }
    throw Unreadable.damaged("its pickle refers to a storage without a class");
  }
}
