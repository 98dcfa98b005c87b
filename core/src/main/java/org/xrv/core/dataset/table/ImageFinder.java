package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.manifest.ImageLayout;

/** The image file of a row: by its path where the manifest has paths, else by its name. */
final class ImageFinder {
  private final List<DataFolder> roots;
  private final List<PathTemplate> templates;
  private final ImageIndex index;

  /**
   * @param roots where images may be, the likeliest first
   */
  ImageFinder(List<DataFolder> roots, ImageLayout layout) {
    this.roots = List.copyOf(roots);
    this.templates = layout.paths().stream().map(PathTemplate::new).toList();
    this.index = new ImageIndex(roots, layout);
    roots.forEach(DataFolder::listArchives);
  }

  Optional<DataFile> find(TableRow row) {
    for (PathTemplate template : templates) {
      String path = template.of(row);
      for (DataFolder root : roots) {
        Optional<DataFile> file = root.file(path);
        if (file.isPresent()) {
          return file;
        }
      }
    }
    return index.find(row.text("image"));
  }

  /** The text, or an equal one that is kept here anyway. */
  String shared(String image) {
    return index.shared(image);
  }

  /**
   * Where the image of a row lies in an archive that nobody has looked into: the end of its path.
   */
  List<String> possiblePaths(TableRow row) {
    List<String> paths = new ArrayList<>();
    templates.forEach(template -> paths.add(template.of(row)));
    paths.addAll(index.possibleNames(row.text("image")));
    return paths;
  }

  /** Where files were looked for, for a message. */
  String lookedIn() {
    List<String> places = new ArrayList<>();
    for (DataFolder root : roots) {
      templates.forEach(template -> places.add(root + "/" + template.text()));
    }
    if (!index.lookedIn().isEmpty()) {
      places.add(index.lookedIn());
    }
    return String.join(", ", places);
  }
}
