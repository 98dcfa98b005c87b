package org.xrv.core.dataset.manifest;

import java.util.List;

/**
 * Where image files lie: by their names in certain folders, by paths made of a row's cells, or both
 * (paths are tried first).
 *
 * @param folders below the root, parts divided by '/', with * for any characters in a part; of two
 *     files of one name the earlier folder's is taken
 * @param extensions of image files, lower case, without the dot, the likeliest first
 * @param paths below the root, with cells in braces: {subject} is the whole cell, {subject:2} its
 *     first two characters, {image/1} a path without its first part
 * @param of the data set whose images these are, or empty: its folders are searched too
 * @param header whether a view, an age and a sex that the table lacks are read from each image's
 *     DICOM header
 */
public record ImageLayout(
    List<String> folders, List<String> extensions, List<String> paths, String of, Boolean header) {
  public ImageLayout {
    folders = folders == null ? List.of() : List.copyOf(folders);
    paths = paths == null ? List.of() : List.copyOf(paths);
    extensions = DataManifest.requireSome("images.extensions", extensions);
    of = of == null ? "" : of;
    header = header != null && header;
    if (folders.isEmpty() && paths.isEmpty()) {
      throw DataManifest.problem("images.folders", "is missing, and so is \"images.paths\"");
    }
    requireInside("images.folders", folders);
    requireInside("images.paths", paths);
  }

  private static void requireInside(String key, List<String> places) {
    for (String place : places) {
      if (place.startsWith("/") || List.of(place.split("/", -1)).contains("..")) {
        throw DataManifest.problem(key, "has \"" + place + "\", which leads out of the data set");
      }
    }
  }
}
