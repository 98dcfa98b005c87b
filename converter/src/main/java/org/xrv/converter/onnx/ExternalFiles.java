package org.xrv.converter.onnx;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files beside a model that hold its weights; none outside the model's own folder is opened.
 */
final class ExternalFiles implements Closeable {
  private final Path folder;
  private final Map<String, FileChannel> open = new HashMap<>();

  /**
   * For a model.
   *
   * @param folder the model's, or null for a model that is no file
   */
  ExternalFiles(Path folder) {
    this.folder = folder;
  }

  /** Opens a file once. */
  FileChannel open(String location) throws IOException {
    FileChannel known = open.get(location);
    if (known == null) {
      known = FileChannel.open(file(location));
      open.put(location, known);
    }
    return known;
  }

  private Path file(String location) throws IOException {
    if (folder == null) {
      throw new IllegalArgumentException(
          "weights in a separate file ('" + location + "') need the model as a file");
    }
    Path relative;
    try {
      relative = Path.of(location);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + location + "' is no file name", e);
    }
    Path file = folder.resolve(relative).normalize();
    if (location.isEmpty() || relative.isAbsolute() || !file.startsWith(folder.normalize())) {
      throw new IllegalArgumentException(
          "weights in '" + location + "', outside the model's folder, are not read");
    }
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "the weights are in '" + location + "', which is not beside the model");
    }
    if (!file.toRealPath().startsWith(folder.toRealPath())) {
      throw new IllegalArgumentException(
          "'"
              + location
              + "' is a link to a file outside the model's folder; copy that file to its place");
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : open.values()) {
      channel.close();
    }
  }
}
