package org.xrv.trainer.log;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PNG file's size in pixels, from its first bytes (PNG specification, 5.2 and 11.2.2). */
public record PngSize(int width, int height) {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;

  /**
   * Reads a file's size.
   *
   * @throws IOException when it is no PNG
   */
  public static PngSize of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(in)) {
      if (data.readLong() != SIGNATURE) {
        throw new IOException(file + " is no PNG");
      }
      data.readLong(); // length and name of the header's chunk
      return new PngSize(data.readInt(), data.readInt());
    }
  }
}
