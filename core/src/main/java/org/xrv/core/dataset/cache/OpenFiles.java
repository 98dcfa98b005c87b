package org.xrv.core.dataset.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;

/** Keeps only so many files open, as systems limit them; the one opened first is closed first. */
final class OpenFiles implements AutoCloseable {
  private final int most;
  private final ArrayDeque<FileChannel> open = new ArrayDeque<>();

  OpenFiles(int most) {
    this.most = most;
  }

  /** Opens a file for reading; a reader whose file was closed meanwhile opens it again. */
  synchronized FileChannel open(Path file) throws IOException {
    open.removeIf(channel -> !channel.isOpen());
    if (open.size() >= most) {
      open.remove().close();
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    open.add(channel);
    return channel;
  }

  @Override
  public synchronized void close() {
    for (FileChannel channel : open) {
      try {
        channel.close();
      } catch (IOException e) {
        // It was only read.
      }
    }
    open.clear();
  }
}
