package org.xrv.core.dataset.table;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;

/** Tables as they are shipped: plain, as .gz, or alone in a .zip. */
final class TableFiles {
  private static final List<String> ENDINGS = List.of("", ".gz", ".zip");
  private static final int BUFFER = 1 << 16;

  private TableFiles() {}

  /** The first of several names that exists in a folder, plain or compressed. */
  static Optional<DataFile> first(DataFolder root, List<String> names) {
    for (String name : names) {
      for (String ending : ENDINGS) {
        Optional<DataFile> file = root.file(name + ending);
        if (file.isPresent()) {
          return file;
        }
      }
    }
    return Optional.empty();
  }

  /** The bytes of the table itself. */
  static InputStream open(DataFile file) throws IOException {
    String name = file.name().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      return unzipped(file);
    }
    InputStream raw = new BufferedInputStream(file.open(), BUFFER);
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

  /** Read from start to end, as the .zip may itself be a member of one. */
  private static InputStream unzipped(DataFile file) throws IOException {
    byte[] table = null;
    int tables = 0;
    boolean any = false;
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(file.open(), BUFFER))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        any = true;
        // macOS adds "__MACOSX/._NAME.csv", which is no table.
        if (!entry.isDirectory()
            && !entry.getName().startsWith("__MACOSX/")
            && entry.getName().toLowerCase(Locale.ROOT).endsWith(".csv")
            && tables++ == 0) {
          table = zip.readNBytes((int) DataFile.MOST_BYTES + 1);
          if (table.length > DataFile.MOST_BYTES) {
            throw new IOException("its table has more than " + DataFile.MOST_BYTES + " bytes");
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!any) {
      throw new IOException("it is no zip archive");
    }
    if (tables != 1) {
      throw new IOException("it holds " + tables + " CSV files, expected one");
    }
    return new ByteArrayInputStream(table);
  }
}
