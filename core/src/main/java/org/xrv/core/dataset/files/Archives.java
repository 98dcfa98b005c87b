package org.xrv.core.dataset.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * The directories and archives that were listed while a data set is opened: each is listed once. To
 * be forgotten afterwards, as lists of 100,000 files take memory. For one thread.
 */
public final class Archives {
  private final Map<Path, String[]> children = new HashMap<>();
  private final Map<Path, List<MemberFolder>> mounted = new HashMap<>();
  private final Map<Path, Archive> opened = new HashMap<>();
  private final Map<Path, MemberFolder> inMemory = new HashMap<>();
  private final Set<Path> sequential = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  /** The names of what lies in a directory, in the file system's order. */
  List<String> children(Path directory) {
    return Collections.unmodifiableList(
        Arrays.asList(
            children.computeIfAbsent(
                directory.toAbsolutePath().normalize(), key -> names(directory))));
  }

  private static String[] names(Path directory) {
    // Names only: paths of 400,000 files take a second and 80 MB.
    String[] names = directory.toFile().list();
    if (names != null) {
      return names;
    }
    // It does not say why.
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(child -> found.add(child.getFileName().toString()));
    } catch (IOException | DirectoryIteratorException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          directory + ": cannot be listed: " + e.getMessage() + "; check its permissions",
          e);
    }
    return found.toArray(String[]::new);
  }

  /** What the archives in a directory hold, in the order of their names. */
  List<MemberFolder> in(Path directory) {
    Path key = directory.toAbsolutePath().normalize();
    List<MemberFolder> known = mounted.get(key);
    if (known != null) {
      return known;
    }
    List<MemberFolder> found = new ArrayList<>();
    // As paths: not all systems sort names as strings do.
    Set<Path> files = new TreeSet<>();
    for (String name : children(directory)) {
      if (Archive.form(name) != Archive.Form.NONE) {
        try {
          files.add(directory.resolve(name));
        } catch (InvalidPathException e) {
          problems.add(
              directory
                  + " holds an archive whose name is not of this system's encoding; rename it, or"
                  + " set LC_ALL=C.UTF-8");
        }
      }
    }
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        found.addAll(content(file));
      }
    }
    mounted.put(key, found);
    return found;
  }

  /** What an archive holds; nothing when it must be read from its start to its end. */
  List<MemberFolder> content(Path file) {
    if (Archive.form(file.getFileName().toString()) == Archive.Form.TAR_GZ) {
      Path key = file.toAbsolutePath().normalize();
      if (inMemory.containsKey(key)) {
        return List.of(inMemory.get(key));
      }
      sequential.add(file);
      return List.of();
    }
    Archive archive = opened.get(file);
    if (archive == null) {
      archive = Archive.list(file);
      problems.addAll(archive.problems());
      opened.put(file, archive);
    }
    return List.of(archive.content());
  }

  /**
   * Reads a .tar.gz of tables into memory, if it is there, so that it is listed like the others.
   *
   * @throws ProblemException BAD_DATA when it is damaged or has more than {@link
   *     DataFile#MOST_BYTES} bytes
   */
  public void readIntoMemory(Path file) {
    Path key = file.toAbsolutePath().normalize();
    if (inMemory.containsKey(key) || !Files.isRegularFile(file)) {
      return;
    }
    MemberFolder content = new MemberFolder();
    long bytes = 0;
    try (SequentialArchive.Pass pass = new SequentialArchive(file).pass()) {
      while (pass.next()) {
        byte[] member = pass.content();
        bytes += member.length;
        if (bytes > DataFile.MOST_BYTES) {
          throw new IOException("more than " + DataFile.MOST_BYTES + " bytes of tables; unpack it");
        }
        content.add(pass.path(), new MemoryFile(file, pass.path(), member));
      }
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + DataFile.reason(e), e);
    }
    inMemory.put(key, content);
    mounted.remove(key.getParent());
  }

  /** The archives met so far that can be read from their start to their end only, by name. */
  public List<SequentialArchive> sequential() {
    return sequential.stream()
        .filter(file -> !inMemory.containsKey(file.toAbsolutePath().normalize()))
        .map(SequentialArchive::new)
        .toList();
  }

  /** Whether a file's name is that of an archive that is looked into. */
  public static boolean isArchive(Path file) {
    return Archive.form(file.getFileName().toString()) != Archive.Form.NONE;
  }

  /** What the user should know about the archives met so far; one line each. */
  public List<String> problems() {
    return Collections.unmodifiableList(problems);
  }
}
