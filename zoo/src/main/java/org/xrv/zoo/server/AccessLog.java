package org.xrv.zoo.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.xrv.core.io.AtomicFiles;

/** One line per request. A file may be renamed by whoever rotates logs: a new one is begun. */
public abstract class AccessLog implements Consumer<String>, AutoCloseable {
  private AccessLog() {}

  /** Hands the lines on. */
  public static AccessLog to(Consumer<String> lines) {
    return new AccessLog() {
      @Override
      public void accept(String line) {
        lines.accept(line);
      }

      @Override
      public void close() {}
    };
  }

  /**
   * Appends to a file.
   *
   * @throws org.xrv.core.error.ProblemException DISK
   */
  public static AccessLog to(Path file) {
    try {
      return new LogFile(file);
    } catch (IOException e) {
      throw AtomicFiles.disk(file, e);
    }
  }

  @Override
  public abstract void close() throws IOException;

  private static final class LogFile extends AccessLog {
    private final Path file;
    private Writer writer;

    private LogFile(Path file) throws IOException {
      this.file = file;
      open();
    }

    private void open() throws IOException {
      writer =
          Files.newBufferedWriter(
              file,
              StandardCharsets.UTF_8,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void accept(String line) {
      try {
        if (!Files.exists(file)) {
          writer.close();
          open();
        }
        writer.write(line + "\n");
        writer.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public synchronized void close() throws IOException {
      writer.close();
    }
  }
}
