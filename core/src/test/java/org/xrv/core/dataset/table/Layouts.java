package org.xrv.core.dataset.table;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.DataManifests;

/** A directory laid out as one of the data sets is, with a few small images. */
final class Layouts {
  private static final Path ORIGINALS =
      Path.of(System.getProperty("xrv.shared"), "data", "xrays", "originals");

  final String name;
  final Path root;
  final List<String> warnings = new ArrayList<>();

  Layouts(String name, Path root) {
    this.name = name;
    this.root = root;
  }

  /** The files of a set in its own layout, where they are. */
  static Layouts original(String name, String folder) {
    Path root = ORIGINALS.resolve(folder);
    assumeTrue(Files.isDirectory(root), "the X-rays are not here");
    return new Layouts(name, root);
  }

  Layouts file(String file, String... lines) {
    return bytes(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  Layouts gzipped(String file, String... lines) {
    return packed(file, lines, GZIPOutputStream::new);
  }

  Layouts zipped(String file, String... lines) {
    return packed(
        file,
        lines,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.putNextEntry(new ZipEntry("__MACOSX/._table.csv"));
          zip.putNextEntry(new ZipEntry("table.csv"));
          return zip;
        });
  }

  private interface Packer {
    OutputStream over(OutputStream out) throws IOException;
  }

  private Layouts packed(String file, String[] lines, Packer packer) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = packer.over(packed)) {
      out.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes(file, packed.toByteArray());
  }

  Layouts bytes(String file, byte[] bytes) {
    try {
      Files.createDirectories(root.resolve(file).getParent());
      Files.write(root.resolve(file), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Layouts images(String... files) {
    for (String file : files) {
      ImageFixtures.gray(root.resolve(file), 32);
    }
    return this;
  }

  TableDataset open(String... views) {
    return variant(name, views);
  }

  TableDataset variant(String variant, String... views) {
    return new TableDataset(
        DataManifests.builtIn(variant), List.of(root), Set.of(views), warnings::add);
  }

  static Sample sample(TableDataset dataset, String idPart) {
    return dataset.samples().stream()
        .filter(s -> s.id().contains(idPart))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sample " + idPart));
  }

  static List<String> each(TableDataset dataset, Function<Sample, String> what) {
    return dataset.samples().stream().map(what).toList();
  }

  /** The targets that a sample has, joined by commas. */
  static String present(Sample sample) {
    return with(sample, Finding.PRESENT);
  }

  static String with(Sample sample, Finding finding) {
    return sample.labels().entrySet().stream()
        .filter(e -> e.getValue() == finding)
        .map(java.util.Map.Entry::getKey)
        .collect(Collectors.joining(","));
  }
}
