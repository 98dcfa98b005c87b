package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final Numbering names = new Numbering();
  private final List<DataFile> files = new ArrayList<>();
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
        String name = file.name();
        if (isImage(name) && names.add(name) == files.size()) {
          files.add(file);
        }
      }
    }
  }

  private boolean isImage(String name) {
    // macOS leaves "._NAME.png" files, which are no images.
    if (name.startsWith(".")) {
      return false;
    }
    for (String extension : layout.extensions()) {
      int dot = name.length() - extension.length() - 1;
      if (dot >= 0
          && name.charAt(dot) == '.'
          && name.regionMatches(true, dot + 1, extension, 0, extension.length())) {
        return true;
      }
    }
    return false;
  }

  /** The file of a name, which may lack its extension. */
  Optional<DataFile> find(String name) {
    int found = names.find(name);
    for (int i = 0; found < 0 && files.size() > 0 && i < layout.extensions().size(); i++) {
      found = names.find(name + "." + layout.extensions().get(i));
    }
    return found < 0 ? Optional.empty() : Optional.of(files.get(found));
  }

  /** The text, or an equal one that is kept here anyway. */
  String shared(String name) {
    int found = names.find(name);
    return found < 0 ? name : names.text(found);
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
