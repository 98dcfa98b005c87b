package org.xrv.core.dataset.table;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.dataset.manifest.TableForm;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Where a data set begins.
 *
 * @param root the directory that holds the table
 * @param table the file with the images' rows, or a directory of reports
 */
record TableLocation(Path root, Path table) {
  /**
   * The first of several directories that holds a table, in one of the manifest's roots below it; a
   * directory that is one of the image folders stands for its parent.
   *
   * @throws ProblemException BAD_DATA, listing all that was tried
   */
  static TableLocation find(DataManifest manifest, List<Path> directories) {
    Set<Path> roots = new LinkedHashSet<>();
    for (Path directory : directories) {
      for (String below : manifest.roots()) {
        roots.add(directory.resolve(below).normalize());
      }
      Path absolute = directory.toAbsolutePath().normalize();
      if (absolute.getParent() != null && isImageFolder(manifest, absolute)) {
        roots.add(absolute.getParent());
      }
    }
    for (Path root : roots) {
      Optional<Path> table =
          manifest.table().form() == TableForm.CSV
              ? TableFiles.first(root, manifest.table().files())
              : manifest.table().files().stream()
                  .map(root::resolve)
                  .filter(Files::isDirectory)
                  .findFirst();
      if (table.isPresent()) {
        return new TableLocation(root, table.get());
      }
    }
    List<String> tried = new ArrayList<>();
    for (Path root : roots) {
      tried.add(root + (Files.isDirectory(root) ? "" : " (no such directory)"));
    }
    throw new ProblemException(
        ProblemKind.BAD_DATA,
        manifest.title()
            + ": no "
            + String.join(" or ", manifest.table().files())
            + " in "
            + String.join(", ", tried)
            + "; name the directory that holds it, or fetch it from "
            + manifest.homepage());
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
  Optional<Path> find(List<String> names) {
    return TableFiles.first(root, names);
  }
}
