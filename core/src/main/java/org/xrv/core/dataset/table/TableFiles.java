package org.xrv.core.dataset.table;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Tables as they lie on a disk: plain, as .gz, or alone in a .zip. */
final class TableFiles {
  private static final List<String> ENDINGS = List.of("", ".gz", ".zip");
  private static final int BUFFER = 1 << 16;

  private TableFiles() {}

  /** The first of several names that exists in a directory, plain or compressed. */
  static Optional<Path> first(Path root, List<String> names) {
    for (String name : names) {
      for (String ending : ENDINGS) {
        Path file = root.resolve(name + ending);
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /** The bytes of the table itself. */
  static InputStream open(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      return unzipped(file);
    }
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    if (!name.endsWith(".gz")) {
      return raw;
    }
    try {
      return new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static InputStream unzipped(Path file) throws IOException {
    ZipFile zip = new ZipFile(file.toFile());
    try {
      // macOS adds "__MACOSX/._NAME.csv", which is no table.
      List<? extends ZipEntry> tables =
          zip.stream()
              .filter(e -> !e.isDirectory() && !e.getName().startsWith("__MACOSX/"))
              .filter(e -> e.getName().toLowerCase(Locale.ROOT).endsWith(".csv"))
              .toList();
      if (tables.size() != 1) {
        throw new IOException("it holds " + tables.size() + " CSV files, expected one");
      }
      return new FilterInputStream(
          new BufferedInputStream(zip.getInputStream(tables.get(0)), BUFFER)) {
        @Override
        public void close() throws IOException {
          super.close();
          zip.close();
        }
      };
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }
}
