package org.xrv.core.dataset.table;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.dataset.files.Archives;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.TableForm;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Where a data set begins.
 *
 * @param root the folder that holds the table
 * @param csv the file with the images' rows, if it is one
 * @param reports else the folder of reports
 */
record TableLocation(DataFolder root, Optional<DataFile> csv, Optional<DataFolder> reports) {
  /**
   * The first of several directories or archives that holds a table, in one of the manifest's roots
   * below it, or in a folder at the top of an archive there; a directory that is one of the image
   * folders stands for its parent.
   *
   * @throws ProblemException BAD_DATA, listing all that was tried
   */
  static TableLocation find(DataManifest manifest, List<Path> directories, Archives archives) {
    Map<String, DataFolder> roots = new LinkedHashMap<>();
    Map<String, DataFolder> tops = new LinkedHashMap<>();
    for (Path directory : directories) {
      readTableArchives(manifest, directory, archives);
      for (String below : manifest.roots()) {
        DataFolder folder = DataFolder.of(directory, archives).resolve(below);
        roots.putIfAbsent(folder.toString(), folder);
        folder.topsOfArchives().forEach(top -> tops.putIfAbsent(top.toString(), top));
      }
      Path absolute = directory.toAbsolutePath().normalize();
      if (absolute.getParent() != null && isImageFolder(manifest, absolute)) {
        DataFolder parent = DataFolder.of(absolute.getParent(), archives);
        roots.putIfAbsent(parent.toString(), parent);
      }
    }
    List<String> tried = new ArrayList<>();
    for (DataFolder root : roots.values()) {
      tried.add(root + (root.exists() ? "" : " (no such directory)"));
    }
    tops.forEach(roots::putIfAbsent);
    for (DataFolder root : roots.values()) {
      Optional<DataFile> csv = Optional.empty();
      Optional<DataFolder> reports = Optional.empty();
      if (manifest.table().form() == TableForm.CSV) {
        csv = TableFiles.first(root, manifest.table().files());
      } else {
        reports =
            manifest.table().files().stream()
                .map(root::resolve)
                .filter(DataFolder::exists)
                .findFirst();
      }
      if (csv.isPresent() || reports.isPresent()) {
        return new TableLocation(root, csv, reports);
      }
    }
    throw new ProblemException(
        ProblemKind.BAD_DATA,
        manifest.title()
            + ": no "
            + String.join(" or ", manifest.table().files())
            + " in "
            + String.join(", ", tried)
            + (archives.sequential().isEmpty()
                ? ""
                : " (nobody looks for tables in a .tar.gz: unpack them)")
            + "; name the directory that holds it, or fetch it from "
            + manifest.homepage());
  }

  /** A .tar.gz is listed by reading all of it, so only those that hold tables are. */
  private static void readTableArchives(DataManifest manifest, Path directory, Archives archives) {
    for (DataManifest.Archive archive : manifest.archives()) {
      if (archive.tables()) {
        for (String below : manifest.roots()) {
          archives.readIntoMemory(directory.resolve(below).resolve(archive.name()).normalize());
        }
      }
    }
  }

  private static boolean isImageFolder(DataManifest manifest, Path directory) {
    return manifest.images().folders().stream()
        .filter(pattern -> !pattern.equals(".") && !pattern.startsWith("*"))
        .map(pattern -> pattern.split("/", -1)[0])
        .anyMatch(
            first ->
                FileSystems.getDefault()
                    .getPathMatcher("glob:" + first)
                    .matches(directory.getFileName()));
  }

  /** A further file of the set, plain or compressed, if it is there. */
  Optional<DataFile> find(List<String> names) {
    return TableFiles.first(root, names);
  }

  /** What holds the rows, for messages. */
  String table() {
    return csv.isPresent() ? csv.get().toString() : reports.orElseThrow().toString();
  }
}
