package org.xrv.core.dataset.files;

import java.io.File;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder as it would be if every archive in it had been unpacked there; where a file is unpacked
 * too, that one counts. Its toString is for messages.
 */
public final class DataFolder {
  private final Archives archives;
  private final String place;
  private final Optional<Path> directory;

  /** Of archives that lie further up. */
  private final List<MemberFolder> inside;

  private List<MemberFolder> mounted;

  private DataFolder(
      Archives archives, String place, Optional<Path> directory, List<MemberFolder> inside) {
    this.archives = archives;
    this.place = place;
    this.directory = directory;
    this.inside = List.copyOf(inside);
  }

  /**
   * A directory, or an archive as if it were the directory that it unpacks to; when there is
   * neither, a folder that does not exist.
   */
  public static DataFolder of(Path root, Archives archives) {
    boolean archive =
        root.getFileName() != null
            && Archive.form(root.getFileName().toString()) != Archive.Form.NONE
            && Files.isRegularFile(root);
    return new DataFolder(
        archives,
        root.toString(),
        Files.isDirectory(root) ? Optional.of(root) : Optional.empty(),
        archive ? archives.content(root) : List.of());
  }

  /** Whether there is such a folder. */
  public boolean exists() {
    return directory.isPresent() || !inside.isEmpty();
  }

  /** All archives' folders in the place of this one. */
  private List<MemberFolder> mounted() {
    if (mounted == null) {
      mounted = new ArrayList<>(inside);
      directory.ifPresent(d -> mounted.addAll(archives.in(d)));
    }
    return mounted;
  }

  /**
   * A folder below this one.
   *
   * @param relative such as "images_001/images", or "." for this one
   */
  public DataFolder resolve(String relative) {
    DataFolder folder = this;
    for (String part : relative.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        folder = folder.child(part);
      }
    }
    return folder;
  }

  private DataFolder child(String name) {
    List<MemberFolder> below = new ArrayList<>();
    for (MemberFolder folder : mounted()) {
      MemberFolder child = folder.folders().get(name);
      if (child != null) {
        below.add(child);
      }
    }
    return new DataFolder(
        archives,
        (place.isEmpty() || place.endsWith(File.separator) ? place : place + File.separator) + name,
        directory.flatMap(d -> below(d, name)).filter(Files::isDirectory),
        below);
  }

  /** Empty for a name that this system does not know, as members of archives may have. */
  private static Optional<Path> below(Path directory, String relative) {
    try {
      return Optional.of(directory.resolve(relative));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The folders in this one whose names match a pattern such as "images_*", by name. */
  public List<DataFolder> matching(String pattern) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    TreeSet<String> names = new TreeSet<>();
    directory.ifPresent(
        d -> {
          for (String child : archives.children(d)) {
            if (mayMatch(pattern, child)
                && matches(matcher, child)
                && Files.isDirectory(d.resolve(child))) {
              names.add(child);
            }
          }
        });
    for (MemberFolder folder : mounted()) {
      folder.folders().keySet().stream().filter(name -> matches(matcher, name)).forEach(names::add);
    }
    return names.stream().map(this::child).toList();
  }

  /** By what is before the pattern's first special character, as matchers are slow. */
  private static boolean mayMatch(String pattern, String name) {
    int plain = 0;
    while (plain < pattern.length() && "*?[]{}\\".indexOf(pattern.charAt(plain)) < 0) {
      plain++;
    }
    return name.regionMatches(true, 0, pattern, 0, plain);
  }

  private static boolean matches(PathMatcher matcher, String name) {
    try {
      return matcher.matches(Path.of(name));
    } catch (InvalidPathException e) {
      return false; // no name on this system
    }
  }

  /** The folders that lie at the top of archives in this folder, such as "mimic-cxr-jpg-2.0.0". */
  public List<DataFolder> topsOfArchives() {
    TreeSet<String> names = new TreeSet<>();
    mounted().forEach(folder -> names.addAll(folder.folders().keySet()));
    return names.stream().map(this::child).toList();
  }

  /**
   * What lies in this folder by name. On the disk, folders are among them: to ask for each of
   * 100,000 names what it is would take minutes on a network drive.
   */
  public Collection<DataFile> files() {
    if (directory.isPresent() && mounted().stream().allMatch(f -> f.files().isEmpty())) {
      Path d = directory.get();
      return archives.children(d).stream().<DataFile>map(name -> new DiskFile(d, name)).toList();
    }
    Map<String, DataFile> files = new LinkedHashMap<>();
    directory.ifPresent(
        d -> archives.children(d).forEach(name -> files.put(name, new DiskFile(d, name))));
    mounted().forEach(folder -> folder.files().forEach(files::putIfAbsent));
    return files.values();
  }

  /**
   * A file below this folder.
   *
   * @param relative its path, which may lead through folders
   */
  public Optional<DataFile> file(String relative) {
    if (directory.flatMap(d -> below(d, relative)).filter(Files::isRegularFile).isPresent()) {
      return Optional.of(new DiskFile(directory.get(), relative));
    }
    for (MemberFolder folder : mounted()) {
      Optional<DataFile> file = folder.file(relative);
      if (file.isPresent()) {
        return file;
      }
    }
    return Optional.empty();
  }

  /** Every member of the archives in this folder, by its path below it. */
  public Map<String, DataFile> members() {
    Map<String, DataFile> members = new TreeMap<>();
    mounted().forEach(folder -> members(folder, "", members));
    return members;
  }

  private static void members(MemberFolder folder, String above, Map<String, DataFile> members) {
    folder.files().forEach((name, file) -> members.putIfAbsent(above + name, file));
    folder.folders().forEach((name, below) -> members(below, above + name + "/", members));
  }

  /** Finds the archives in this folder, so that {@link Archives#sequential} knows of them. */
  public void listArchives() {
    mounted();
  }

  @Override
  public String toString() {
    return place;
  }
}
