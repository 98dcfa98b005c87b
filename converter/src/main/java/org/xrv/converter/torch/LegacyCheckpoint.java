package org.xrv.converter.torch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The format before PyTorch 1.6, one after the other: pickles of a magic number, the protocol's
 * version, the machine, what was saved, and the storages' keys; then each storage as its number of
 * elements (eight bytes) and their bytes.
 */
final class LegacyCheckpoint implements CheckpointFile {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  private final FileChannel channel;
  private final Map<String, StorageRef> storages = new HashMap<>();
  private final Map<String, Long> positions = new HashMap<>();
  private Object root;

  private LegacyCheckpoint(FileChannel channel) {
    this.channel = channel;
  }

  static LegacyCheckpoint open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file);
    try {
      LegacyCheckpoint checkpoint = new LegacyCheckpoint(channel);
      checkpoint.readPickles();
      return checkpoint;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void readPickles() throws IOException {
    PickleInput in =
        new PickleInput(
            new BufferedInputStream(Channels.newInputStream(channel), 1 << 16),
            Math.min(channel.size(), MOST_PICKLE_BYTES));
    if (!MAGIC.equals(plain(in))) {
      throw Unreadable.refused("is a pickle, but not one that torch.save writes");
    }
    Object protocol = plain(in);
    if (!protocol.equals(PROTOCOL)) {
      throw Unreadable.refused("is of the old format's version " + protocol + "; 1001 is read");
    }
    if (!(plain(in) instanceof PickleDict machine)
        || !machine.get("little_endian").filter(Boolean.TRUE::equals).isPresent()) {
      throw Unreadable.refused("is big-endian; save it on a little-endian machine");
    }
    root = new PickleReader(in, this::persistent).read();
    if (!(plain(in) instanceof PickleList keys)) {
      throw Unreadable.damaged("it has no list of storages");
    }
    long position = in.position();
    for (Object key : keys.items()) {
      StorageRef storage = key instanceof String ? storages.get(key) : null;
      if (storage == null) {
        throw Unreadable.damaged("it holds a storage that no tensor has");
      }
      ByteBuffer count = read(position, 8, storage.key());
      if (count.getLong() != storage.elements()) {
        throw Unreadable.damaged(
            "storage '"
                + storage.key()
                + "' does not have its "
                + storage.elements()
                + " elements");
      }
      positions.put(storage.key(), position + 8);
      position += 8 + storage.bytes();
    }
  }

  private static Object plain(PickleInput in) throws IOException {
    return new PickleReader(
            in,
            id -> {
              throw Unreadable.damaged("it refers to storages before there are any");
            })
        .read();
  }

  private Object persistent(PickleList id) {
    // A class with its source text, which whole networks bring along
    if (id.items().size() >= 2
        && "module".equals(id.items().get(0))
        && id.items().get(1) instanceof GlobalName type) {
      return type;
    }
    StorageRef stated = CheckpointFile.storage(id);
    StorageRef storage = storages.computeIfAbsent(stated.key(), k -> stated);
    if (!storage.equals(stated)) {
      throw Unreadable.damaged("storage '" + stated.key() + "' is said to be of two kinds");
    }
    if (id.items().size() >= 6 && id.items().get(5) instanceof PickleList view) {
      if (view.items().size() == 3 && view.items().get(1) instanceof Long offset) {
        return new StorageView(storage, offset);
      }
      throw Unreadable.damaged("a part of storage '" + stated.key() + "' without its place");
    }
    return storage;
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public ByteBuffer bytes(StorageRef storage) throws IOException {
    Long position = positions.get(storage.key());
    if (position == null) {
      throw Unreadable.damaged("storage '" + storage.key() + "' is missing");
    }
    return read(position, CheckpointFile.arrayLength(storage), storage.key());
  }

  private ByteBuffer read(long position, int length, String key) throws IOException {
    if (position + length > channel.size()) {
      throw Unreadable.damaged("it ends within storage '" + key + "'; the file may be truncated");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw Unreadable.damaged("it ends within storage '" + key + "'");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
