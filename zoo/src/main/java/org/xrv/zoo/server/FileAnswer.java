package org.xrv.zoo.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;

/** Sends a blob, or a part of it; its digest is its entity tag, since it never changes. */
final class FileAnswer {
  /** The JDK's server copies each piece; larger ones are not faster and cost memory. */
  private static final int PIECE = 1 << 16;

  private FileAnswer() {}

  /** Answers GET and HEAD, with Range, If-Range and If-None-Match. */
  static void send(Call call, Path file, Digest digest, String type) throws IOException {
    String tag = "\"" + digest + "\"";
    call.set("ETag", tag);
    call.set("Docker-Content-Digest", digest.toString());
    call.set("Accept-Ranges", "bytes");
    if (isNamed(call.header("If-None-Match"), tag)) {
      call.empty(304);
      return;
    }
    try (FileChannel channel = open(file)) {
      long size = channel.size();
      boolean whole =
          call.isHead() || !call.header("If-Range").map(t -> t.strip().equals(tag)).orElse(true);
      Optional<ByteRange> range =
          whole ? Optional.empty() : call.header("Range").flatMap(r -> ByteRange.of(r, size));
      call.set("Content-Type", type);
      range.ifPresent(
          r -> call.set("Content-Range", "bytes " + r.first() + "-" + r.last() + "/" + size));
      long first = range.map(ByteRange::first).orElse(0L);
      long length = range.map(ByteRange::length).orElse(size);
      try (OutputStream out = call.begin(range.isPresent() ? 206 : 200, length)) {
        if (!call.isHead()) {
          copy(channel, first, length, out);
        }
      }
    }
  }

  /** Whether a list of entity tags has one; weak ones count, since they are compared weakly. */
  static boolean isNamed(Optional<String> list, String tag) {
    if (list.isEmpty()) {
      return false;
    }
    for (String one : list.get().split(",", -1)) {
      String text = one.strip();
      if (text.equals("*") || text.equals(tag) || text.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new Refusal(404, OciCode.BLOB_UNKNOWN, "this blob is not here any more", e);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void copy(FileChannel channel, long first, long length, OutputStream out)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, Math.max(1, length)));
    for (long at = first; at < first + length; ) {
      piece.clear().limit((int) Math.min(piece.capacity(), first + length - at));
      int n = channel.read(piece, at);
      if (n < 0) {
        throw new IOException("the blob became shorter while it was sent");
      }
      out.write(piece.array(), 0, n);
      at += n;
    }
  }

  private static ProblemException unreadable(Path file, IOException e) {
    return new ProblemException(
        ProblemKind.DIGEST_MISMATCH, "cannot read " + file + ": " + e.getMessage(), e);
  }
}
