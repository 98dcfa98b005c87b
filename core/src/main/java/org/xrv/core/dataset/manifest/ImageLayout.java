package org.xrv.core.dataset.manifest;

import java.util.List;

/**
 * Where image files lie. The table names them without their folder.
 *
 * @param folders below the root, parts divided by '/', with * for any characters in a part; of two
 *     files of one name the earlier folder's is taken
 * @param extensions of image files, lower case, without the dot
 */
public record ImageLayout(List<String> folders, List<String> extensions) {
  public ImageLayout {
    folders = DataManifest.requireSome("images.folders", folders);
    extensions = DataManifest.requireSome("images.extensions", extensions);
    for (String folder : folders) {
      if (folder.startsWith("/") || List.of(folder.split("/", -1)).contains("..")) {
        throw DataManifest.problem(
            "images.folders", "has \"" + folder + "\", which leads out of the data set");
      }
    }
  }
}
