package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.Digests;

/**
 * One file of pixels, mapped into memory: the operating system reads what is asked for and forgets
 * it when memory is short. Safe for several threads.
 */
final class MappedShard {
  private final Path file;
  private final ByteBuffer bytes;
  private final int itemBytes;
  private final ShardTrailer trailer;
  private final boolean[] sound;

  private MappedShard(Path file, ByteBuffer bytes, int itemBytes, ShardTrailer trailer) {
    this.file = file;
    this.bytes = bytes;
    this.itemBytes = itemBytes;
    this.trailer = trailer;
    this.sound = new boolean[trailer.checksums().length];
  }

  /**
   * Maps a file.
   *
   * @param items how many it must hold
   * @throws ProblemException BAD_DATA when it is missing or no such shard
   */
  static MappedShard open(Path file, int items, int itemBytes) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw damaged(file, "is too large");
      }
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      ShardTrailer trailer = ShardTrailer.decode(bytes);
      long pixels = (long) items * itemBytes;
      if (trailer.checksums().length != items || size != pixels + trailer.encode().length) {
        throw damaged(file, "does not hold " + items + " images");
      }
      return new MappedShard(file, bytes, itemBytes, trailer);
    } catch (IOException e) {
      throw damaged(file, "cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, e.getMessage());
    }
  }

  private static ProblemException damaged(Path file, String what) {
    return new ProblemException(
        ProblemKind.BAD_DATA,
        file + ": " + what + "; delete it and run xrv-train data prepare again");
  }

  long size() {
    return bytes.limit();
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
    verify(slot);
    encoding.decode(bytes, slot * itemBytes, range, pixels);
  }

  /** Compares every image with its checksum. */
  void verify() {
    for (int slot = 0; slot < sound.length; slot++) {
      verify(slot);
    }
  }

  private void verify(int slot) {
    // Two threads may both look; they see the same.
    if (!sound[slot]) {
      int checksum = ShardTrailer.checksum(bytes.slice(slot * itemBytes, itemBytes));
      if (checksum != trailer.checksums()[slot]) {
        throw damaged(file, "image " + slot + " does not have its checksum");
      }
      sound[slot] = true;
    }
  }
}
