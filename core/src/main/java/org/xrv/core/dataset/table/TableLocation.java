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
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Where a data set begins.
 *
 * @param root the directory that holds the table
 * @param table the file with one row for each image
 * @param boxes the file of rectangles, if there is one
 */
record TableLocation(Path root, Path table, Optional<Path> boxes) {
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
      Optional<Path> table = first(root, manifest.table().files());
      if (table.isPresent()) {
        return new TableLocation(root, table.get(), first(root, manifest.boxes().files()));
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
        .filter(pattern -> !pattern.equals("."))
        .map(pattern -> pattern.split("/", -1)[0])
        .anyMatch(
            first ->
                FileSystems.getDefault()
                    .getPathMatcher("glob:" + first)
                    .matches(directory.getFileName()));
  }

  private static Optional<Path> first(Path root, List<String> names) {
    return names.stream().map(root::resolve).filter(Files::isRegularFile).findFirst();
  }
}
