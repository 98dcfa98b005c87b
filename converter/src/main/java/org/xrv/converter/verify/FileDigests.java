package org.xrv.converter.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.converter.onnx.OnnxFacts;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.io.Digests;
import org.xrv.core.modelpackage.PackageParity;

/** The files that a report speaks of: an ONNX file with those beside it that hold its weights. */
public final class FileDigests {
  private FileDigests() {}

  /** SHA-256 by the files' names, as reports write it. */
  public static Map<String, String> of(List<Path> files) {
    Map<String, Path> named = new LinkedHashMap<>();
    files.forEach(file -> named.put(file.getFileName().toString(), file));
    return of(named);
  }

  /**
   * SHA-256 by name, as reports write it.
   *
   * @param files by the names that they will have
   */
  public static Map<String, String> of(Map<String, Path> files) {
    Map<String, String> digests = new TreeMap<>();
    files.forEach(
        (name, file) -> {
          digests.put(name, PackageParity.PREFIX + Digests.sha256(file));
          for (Path outside : outside(name, file)) {
            digests.put(
                outside.getFileName().toString(), PackageParity.PREFIX + Digests.sha256(outside));
          }
        });
    return digests;
  }

  /** Bytes of a file together with those that hold its weights. */
  public static long bytes(Path file) throws IOException {
    long bytes = Files.size(file);
    for (Path outside : outside(file.toString(), file)) {
      bytes += Files.size(outside);
    }
    return bytes;
  }

  private static List<Path> outside(String name, Path file) {
    if (!name.endsWith(".onnx")) {
      return List.of();
    }
    TreeSet<String> locations = new TreeSet<>();
    for (OnnxFacts.Weight weight : OnnxReader.facts(file).weights()) {
      if (!weight.external().isEmpty()) {
        locations.add(weight.external());
      }
    }
    return locations.stream().map(file::resolveSibling).toList();
  }
}
