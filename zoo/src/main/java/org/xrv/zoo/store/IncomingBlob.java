package org.xrv.zoo.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.xrv.core.error.ProblemException;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;

/**
 * A blob that is being fetched: written and hashed in one go, kept when it is interrupted, named
 * when it is whole and right. For use by one thread.
 */
public final class IncomingBlob implements Closeable {
  /** So many bytes are given to the disk in the background, so that the end need not wait. */
  private static final long FLUSH_BYTES = 32L << 20;

  /** What comes in small pieces is hashed and written in large ones. */
  private static final int BLOCK_BYTES = 1 << 18;

  private final Blob blob;
  private final Path part;
  private final FileChannel channel;
  private final Blobs blobs;
  private final FetchToken token;
  private MessageDigest digest = Digests.sha256();
  private final byte[] block = new byte[BLOCK_BYTES];
  private int pending;
  private long size;
  private long flushed;
  private CompletableFuture<Void> flush = CompletableFuture.completedFuture(null);
  private boolean done;

  private IncomingBlob(Blob blob, Path part, Blobs blobs, FetchToken token) throws IOException {
    this.blob = blob;
    this.part = part;
    this.blobs = blobs;
    this.token = token;
    this.channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static IncomingBlob open(
      Blob blob, Path directory, PartialFiles partial, Blobs blobs, FetchToken token)
      throws IOException {
    String stem = stem(blob);
    List<Path> leftovers = leftovers(directory, stem, blob.size());
    IncomingBlob incoming = new IncomingBlob(blob, partial.fresh(stem), blobs, token);
    try {
      for (Path leftover : leftovers) {
        Path claimed = partial.fresh(stem + ".claimed");
        try {
          Files.move(leftover, claimed);
          if (incoming.size == 0) {
            incoming.takePrefix(claimed);
          }
        } catch (NoSuchFileException e) {
          // Another program had the same idea.
        } finally {
          Files.deleteIfExists(claimed);
        }
      }
      return incoming;
    } catch (IOException | RuntimeException e) {
      incoming.discard();
      throw e;
    }
  }

  /** How the names of its parts begin; what is written into the zoo otherwise has other names. */
  static String stem(Blob blob) {
    return blob.digest().hex() + ".get";
  }

  /** What others left of the same blob, the longest first. */
  static List<Path> leftovers(Path directory, String stem, long size) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, stem + ".*")) {
      files.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.removeIf(f -> f.toFile().length() > size);
    found.sort(Comparator.comparingLong((Path f) -> f.toFile().length()).reversed());
    return found;
  }

  /**
   * Copies, and hashes, what somebody left. It is not gone on with in place: if its owner is not
   * dead but slow, it may still write there.
   */
  private void takePrefix(Path claimed) throws IOException {
    byte[] buffer = new byte[1 << 17];
    try (InputStream in = Files.newInputStream(claimed)) {
      for (int n; (n = in.read(buffer)) > 0; ) {
        append(ByteBuffer.wrap(buffer, 0, n));
      }
    }
  }

  public Blob blob() {
    return blob;
  }

  /** What is here of it already, in bytes. */
  public long size() {
    return size;
  }

  /** Whether another process took over, because this one did not move for a while. */
  public boolean isLost() {
    return token.isLost();
  }

  /**
   * Appends some bytes.
   *
   * @return false, and nothing is appended, when there are more of them than the blob has
   * @throws ProblemException DISK
   */
  public boolean write(ByteBuffer bytes) {
    if (bytes.remaining() > blob.size() - size) {
      return false;
    }
    try {
      append(bytes);
      return true;
    } catch (IOException e) {
      throw AtomicFiles.disk(part, e);
    }
  }

  private void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int n = Math.min(bytes.remaining(), BLOCK_BYTES - pending);
      bytes.get(block, pending, n);
      pending += n;
      size += n;
      if (pending == BLOCK_BYTES) {
        drain();
      }
    }
    if (size - flushed >= FLUSH_BYTES && flush.isDone()) {
      flushed = size;
      flush = CompletableFuture.runAsync(this::flush);
    }
  }

  private void drain() throws IOException {
    long at = size - pending;
    digest.update(block, 0, pending);
    ByteBuffer bytes = ByteBuffer.wrap(block, 0, pending);
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    pending = 0;
  }

  private void flush() {
    try {
      channel.force(false);
    } catch (IOException e) {
      // finish() forces again, and says so if it fails.
    }
  }

  /**
   * Forgets all bytes.
   *
   * @throws ProblemException DISK
   */
  public void restart() {
    try {
      channel.truncate(0);
      digest = Digests.sha256();
      size = 0;
      pending = 0;
      flushed = 0;
    } catch (IOException e) {
      throw AtomicFiles.disk(part, e);
    }
  }

  /**
   * Gives the blob its name, if it is the right one; else forgets all bytes.
   *
   * @return what is wrong, as the end of a sentence
   * @throws ProblemException DISK
   */
  public Optional<String> finish() {
    try {
      drain();
    } catch (IOException e) {
      throw AtomicFiles.disk(part, e);
    }
    String hex = HexFormat.of().formatHex(digest.digest());
    if (size != blob.size() || !hex.equals(blob.digest().hex())) {
      Optional<String> problem =
          Optional.of(
              size != blob.size()
                  ? "has " + size + " bytes instead of " + blob.size()
                  : "has digest sha256:" + hex + " instead of " + blob.digest());
      restart();
      return problem;
    }
    try {
      flush.join();
      channel.force(true);
      channel.close();
      if (!part.toFile().setReadOnly()) {
        throw new IOException("it cannot be made read-only");
      }
      blobs.receive(part, blob);
      done = true;
      return Optional.empty();
    } catch (IOException e) {
      throw AtomicFiles.disk(part, e);
    }
  }

  private void discard() {
    done = true;
    close();
  }

  /** Keeps what is not finished for whoever goes on. */
  @Override
  public void close() {
    try {
      if (!done) {
        drain();
      }
      flush.join();
      channel.close();
      if (done || size == 0) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      // A leftover, which is swept up later.
    } finally {
      token.release();
    }
  }
}
