package org.xrv.core.dataset.table;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xrv.core.dataset.manifest.ImageLayout;

/** The image file of a row: by its path where the manifest has paths, else by its name. */
final class ImageFinder {
  private final List<Path> roots;
  private final List<PathTemplate> templates;
  private final ImageIndex index;

  /**
   * @param roots where images may be, the likeliest first
   */
  ImageFinder(List<Path> roots, ImageLayout layout) {
    this.roots = List.copyOf(roots);
    this.templates = layout.paths().stream().map(PathTemplate::new).toList();
    this.index = new ImageIndex(roots, layout);
  }

  Optional<Path> find(TableRow row) {
    for (Path root : roots) {
      for (PathTemplate template : templates) {
        Path file = template.in(root, row);
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return index.find(row.text("image"));
  }

  /** Where files were looked for, for a message. */
  String lookedIn() {
    List<String> places = new ArrayList<>();
    for (Path root : roots) {
      templates.forEach(template -> places.add(root + "/" + template.text()));
    }
    if (!index.lookedIn().isEmpty()) {
      places.add(index.lookedIn());
    }
    return String.join(", ", places);
  }
}
