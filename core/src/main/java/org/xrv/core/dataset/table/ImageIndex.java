package org.xrv.core.dataset.table;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.xrv.core.dataset.manifest.ImageLayout;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Image files by name, from listing each folder once: asking the file system for each of 100,000
 * names would take minutes on a network drive.
 */
final class ImageIndex {
  private final Map<String, Path> files = new HashMap<>();
  private final List<String> extensions;
  private final List<String> lookedIn = new ArrayList<>();

  /**
   * @param roots where the folders may be, the likeliest first
   */
  ImageIndex(List<Path> roots, ImageLayout layout) {
    this.extensions = layout.extensions();
    Set<Path> folders = new LinkedHashSet<>();
    for (Path root : roots) {
      for (String pattern : layout.folders()) {
        Set<Path> matching = expand(root, pattern);
        lookedIn.add(
            root.resolve(pattern).normalize() + (matching.isEmpty() ? " (no such folder)" : ""));
        folders.addAll(matching);
      }
    }
    for (Path folder : folders) {
      for (Path file : children(folder)) {
        String name = file.getFileName().toString();
        String lower = name.toLowerCase(Locale.ROOT);
        // macOS leaves "._NAME.png" files, which are no images.
        if (!name.startsWith(".")
            && layout.extensions().stream().anyMatch(e -> lower.endsWith("." + e))) {
          files.putIfAbsent(name, file);
        }
      }
    }
  }

  /** The file of a name, which may lack its extension. */
  Optional<Path> find(String name) {
    Path exact = files.get(name);
    for (int i = 0; exact == null && i < extensions.size(); i++) {
      exact = files.get(name + "." + extensions.get(i));
    }
    return Optional.ofNullable(exact);
  }

  /** The folders that were looked in, for a message. */
  String lookedIn() {
    return String.join(", ", lookedIn);
  }

  /** The directories that a pattern such as "images_*" in it names, in order. */
  private static Set<Path> expand(Path root, String pattern) {
    if (!Files.isDirectory(root)) {
      return Set.of();
    }
    Set<Path> level = new LinkedHashSet<>(Set.of(root));
    for (String part : pattern.split("/", -1)) {
      Set<Path> next = new LinkedHashSet<>();
      for (Path folder : level) {
        if (part.contains("*")) {
          PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
          for (Path child : new TreeSet<>(children(folder))) {
            if (matcher.matches(child.getFileName()) && Files.isDirectory(child)) {
              next.add(child);
            }
          }
        } else if (Files.isDirectory(folder.resolve(part))) {
          next.add(folder.resolve(part).normalize());
        }
      }
      level = next;
    }
    return level;
  }

  /** In the file system's order. */
  private static List<Path> children(Path folder) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          folder + ": cannot be listed: " + e.getMessage() + "; check its permissions",
          e);
    }
    return children;
  }
}
