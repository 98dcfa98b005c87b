package org.xrv.zoo.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.io.Digests;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/**
 * A blob that arrives in pieces. Its state is its file, so that another process can go on with it;
 * what is hashed already is kept in memory. For one thread at a time.
 */
public final class Upload {
  private static final int BUFFER = 1 << 16;

  private final String id;
  private final ModelName name;
  private final Path file;
  private final PartialFiles partial;
  private final Blobs blobs;
  private MessageDigest digest = Digests.sha256();
  private long hashed;

  Upload(String id, ModelName name, Path file, PartialFiles partial, Blobs blobs) {
    this.id = id;
    this.name = name;
    this.file = file;
    this.partial = partial;
    this.blobs = blobs;
  }

  public String id() {
    return id;
  }

  public ModelName name() {
    return name;
  }

  /** Whether it was neither finished nor cancelled. */
  public boolean exists() {
    return Files.isRegularFile(file);
  }

  /** Bytes that are here. */
  public long size() {
    return file.toFile().length();
  }

  /**
   * Takes bytes to their end. Whatever arrived before a failure stays.
   *
   * @param most bytes that the blob may have in all
   * @throws IOException when the source fails, or the thread is interrupted
   * @throws ProblemException BAD_DATA when there are more bytes than may be; DISK
   */
  public void append(InputStream in, long most) throws IOException {
    byte[] bytes = new byte[BUFFER];
    int n = in.read(bytes);
    if (n < 0) {
      return; // a finished file may be read-only
    }
    try (FileChannel channel = open(StandardOpenOption.WRITE)) {
      long size = channel.size();
      hashTo(size);
      for (; n >= 0; n = in.read(bytes)) {
        if (size + n > most) {
          throw new ProblemException(
              ProblemKind.BAD_DATA, "a blob may have at most " + most + " bytes here");
        }
        write(channel, ByteBuffer.wrap(bytes, 0, n), size);
        digest.update(bytes, 0, n);
        size += n;
        hashed = size;
      }
    }
  }

  private FileChannel open(StandardOpenOption option) throws IOException {
    try {
      return FileChannel.open(file, option);
    } catch (NoSuchFileException e) {
      throw new ProblemException(ProblemKind.NOT_FOUND, "the upload " + id + " is over", e);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  private void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    try {
      for (long at = position; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    } catch (ClosedByInterruptException e) {
      throw e; // the client is at fault, not the disk
    } catch (IOException e) {
      hashed = -1; // a part of it may have been written
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Another process may have received what is not hashed yet. */
  private void hashTo(long size) throws IOException {
    if (hashed == size) {
      return;
    }
    digest = Digests.sha256();
    hashed = 0;
    byte[] bytes = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n; (n = in.read(bytes)) > 0; hashed += n) {
        digest.update(bytes, 0, n);
      }
    }
  }

  /**
   * Gives the blob its name, if it is the right one; else it is gone.
   *
   * @throws IOException when the thread is interrupted
   * @throws ProblemException DIGEST_MISMATCH, NOT_FOUND when somebody else finished it, DISK
   */
  public Blob finish(Digest expected) throws IOException {
    if (!exists()) {
      throw new ProblemException(ProblemKind.NOT_FOUND, "the upload " + id + " is over");
    }
    boolean writable = Files.isWritable(file);
    try (FileChannel channel =
        open(writable ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
      hashTo(channel.size());
      force(channel);
    }
    long size = hashed;
    String hex = HexFormat.of().formatHex(digest.digest());
    hashed = -1;
    // Nobody can write into it under its old name any more.
    Path received = partial.fresh("received");
    try {
      Files.move(file, received);
    } catch (NoSuchFileException e) {
      throw new ProblemException(ProblemKind.NOT_FOUND, "the upload " + id + " is over", e);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
    try {
      if (!hex.equals(expected.hex())) {
        throw new ProblemException(
            ProblemKind.DIGEST_MISMATCH,
            "the " + size + " bytes sent have digest sha256:" + hex + ", not " + expected);
      }
      if (!received.toFile().setReadOnly()) {
        throw AtomicFiles.disk(received, new IOException("it cannot be made read-only"));
      }
      Blob blob = new Blob(expected, size);
      blobs.take(name, blob, received);
      return blob;
    } finally {
      AtomicFiles.deleteTree(received);
    }
  }

  private void force(FileChannel channel) throws IOException {
    try {
      channel.force(true);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  /** Throws away what arrived. */
  public void cancel() {
    AtomicFiles.deleteTree(file);
  }
}
