package org.xrv.core.dataset.cache;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/**
 * One file of pixels, read image by image into a buffer of the thread: as fast as mapping it into
 * memory, where its pages would count as the process's own. Safe for several threads.
 */
final class ShardFile {
  private static final ThreadLocal<ByteBuffer> OF_THREAD =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));

  /** More than any messages about unreadable images come to. */
  private static final int MOST_TRAILER = 1 << 28;

  private final Path file;
  private final OpenFiles files;
  private final int itemBytes;
  private final long size;
  private final ShardTrailer trailer;
  private final boolean[] sound;
  private volatile FileChannel channel;

  private ShardFile(
      Path file, OpenFiles files, FileChannel channel, int itemBytes, ShardTrailer trailer)
      throws IOException {
    this.file = file;
    this.files = files;
    this.channel = channel;
    this.itemBytes = itemBytes;
    this.size = channel.size();
    this.trailer = trailer;
    this.sound = new boolean[trailer.checksums().length];
  }

  /**
   * Opens a file.
   *
   * @throws ProblemException BAD_DATA when it is missing or no such shard
   */
  static ShardFile open(Path file, OpenFiles files, int itemBytes) {
    try {
      FileChannel channel = files.open(file);
      long size = channel.size();
      if (size < ShardTrailer.FOOTER_BYTES) {
        throw damaged(file, "is no shard");
      }
      ByteBuffer footer = ByteBuffer.allocate(ShardTrailer.FOOTER_BYTES);
      read(channel, footer, size - ShardTrailer.FOOTER_BYTES);
      long rest = ShardTrailer.bytes(footer);
      if (rest > size || rest > MOST_TRAILER) {
        throw damaged(file, "is no shard");
      }
      ByteBuffer end = ByteBuffer.allocate((int) rest);
      read(channel, end, size - rest);
      ShardTrailer trailer = ShardTrailer.decode(end);
      long pixels = (long) trailer.checksums().length * itemBytes;
      if (rest != trailer.encode().length || size != pixels + rest) {
        throw damaged(file, "does not hold " + trailer.checksums().length + " images");
      }
      return new ShardFile(file, files, channel, itemBytes, trailer);
    } catch (ClosedByInterruptException e) {
      throw interrupted(file, e); // the file is sound
    } catch (IOException e) {
      throw damaged(file, "cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, e.getMessage());
    }
  }

  private static IllegalStateException interrupted(Path file, ClosedByInterruptException e) {
    return new IllegalStateException("interrupted while reading " + file, e);
  }

  private static ProblemException damaged(Path file, String what) {
    return new ProblemException(
        ProblemKind.BAD_DATA,
        file + ": " + what + "; delete it and run xrv-train data prepare again");
  }

  /** Fills the buffer and flips it. */
  private static void read(FileChannel from, ByteBuffer to, long at) throws IOException {
    for (long next = at; to.hasRemaining(); ) {
      int more = from.read(to, next);
      if (more < 0) {
        throw new EOFException("the file is truncated");
      }
      next += more;
    }
    to.flip();
  }

  long size() {
    return size;
  }

  ShardTrailer trailer() {
    return trailer;
  }

  /** Of the trailer, which vouches for the pixels. */
  String sha256() {
    return Digests.sha256(trailer.encode());
  }

  /** Why an image could not be read when the cache was made. */
  Optional<String> problem(int slot) {
    return Optional.ofNullable(trailer.problems().get(slot));
  }

  /**
   * Reads an image; at its first reading it is compared with its checksum.
   *
   * @throws ProblemException BAD_DATA when it is not as it was written
   */
  void read(int slot, PixelEncoding encoding, float range, float[] pixels) {
    encoding.decode(item(slot), range, pixels);
  }

  /** Compares every image with its checksum. */
  void verify() {
    for (int slot = 0; slot < sound.length; slot++) {
      item(slot);
    }
  }

  private ByteBuffer item(int slot) {
    ByteBuffer buffer = OF_THREAD.get();
    if (buffer.capacity() < itemBytes) {
      buffer = ByteBuffer.allocateDirect(itemBytes);
      OF_THREAD.set(buffer);
    }
    fill(buffer, (long) slot * itemBytes);
    // Two threads may both compare; they see the same.
    if (!sound[slot]) {
      if (ShardTrailer.checksum(buffer.duplicate()) != trailer.checksums()[slot]) {
        throw damaged(file, "image " + slot + " does not have its checksum");
      }
      sound[slot] = true;
    }
    return buffer;
  }

  private void fill(ByteBuffer buffer, long at) {
    while (true) {
      FileChannel from = channel;
      try {
        buffer.clear().limit(itemBytes);
        read(from, buffer, at);
        return;
      } catch (ClosedByInterruptException e) {
        throw interrupted(file, e);
      } catch (ClosedChannelException e) {
        reopen(from); // closed to make room, or by another thread's interruption
      } catch (IOException e) {
        throw damaged(file, "cannot be read: " + e);
      }
    }
  }

  private synchronized void reopen(FileChannel closed) {
    if (channel == closed) {
      try {
        channel = files.open(file);
      } catch (IOException e) {
        throw damaged(file, "cannot be read: " + e);
      }
    }
  }
}
