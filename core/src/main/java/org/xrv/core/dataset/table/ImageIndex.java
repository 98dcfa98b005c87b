package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.manifest.ImageLayout;

/**
 * Image files by name, from listing each folder once: asking the file system for each of 100,000
 * names would take minutes on a network drive.
 */
final class ImageIndex {
  private final Map<String, DataFile> files = new HashMap<>();
  private final ImageLayout layout;
  private final List<String> lookedIn = new ArrayList<>();

  /**
   * @param roots where the folders may be, the likeliest first
   */
  ImageIndex(List<DataFolder> roots, ImageLayout layout) {
    this.layout = layout;
    Map<String, DataFolder> folders = new LinkedHashMap<>();
    for (DataFolder root : roots) {
      for (String pattern : layout.folders()) {
        List<DataFolder> matching = expand(root, pattern);
        lookedIn.add(root.resolve(pattern) + (matching.isEmpty() ? " (no such folder)" : ""));
        matching.forEach(folder -> folders.putIfAbsent(folder.toString(), folder));
      }
    }
    for (DataFolder folder : folders.values()) {
      for (DataFile file : folder.files()) {
        if (isImage(file.name())) {
          files.putIfAbsent(file.name(), file);
        }
      }
    }
  }

  private boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    // macOS leaves "._NAME.png" files, which are no images.
    return !name.startsWith(".")
        && layout.extensions().stream().anyMatch(e -> lower.endsWith("." + e));
  }

  /** The file of a name, which may lack its extension. */
  Optional<DataFile> find(String name) {
    DataFile exact = files.get(name);
    for (int i = 0; exact == null && i < layout.extensions().size(); i++) {
      exact = files.get(name + "." + layout.extensions().get(i));
    }
    return Optional.ofNullable(exact);
  }

  /** The names that a file may have, the likeliest first; none when images go by paths only. */
  List<String> possibleNames(String name) {
    if (layout.folders().isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(isImage(name) ? List.of(name) : List.of());
    layout.extensions().forEach(e -> names.add(name + "." + e));
    return names;
  }

  /** The folders that were looked in, for a message. */
  String lookedIn() {
    return String.join(", ", lookedIn);
  }

  /** The folders that a pattern such as "images_*" in a root names, in order. */
  private static List<DataFolder> expand(DataFolder root, String pattern) {
    if (!root.exists()) {
      return List.of();
    }
    List<DataFolder> level = List.of(root);
    for (String part : pattern.split("/", -1)) {
      List<DataFolder> next = new ArrayList<>();
      for (DataFolder folder : level) {
        if (part.contains("*")) {
          next.addAll(folder.matching(part));
        } else if (folder.resolve(part).exists()) {
          next.add(folder.resolve(part));
        }
      }
      level = next;
    }
    return level;
  }
}
