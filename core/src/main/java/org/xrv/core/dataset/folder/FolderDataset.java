package org.xrv.core.dataset.folder;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.files.Archives;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataFolder;
import org.xrv.core.dataset.files.DataImages;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.RawImage;
import org.xrv.core.image.Resize;

/**
 * Every PNG, JPEG and DICOM file below a directory, in the order of their paths; hidden files and
 * directories are left out, links are followed. A .zip or .tar counts as if it were unpacked where
 * it lies.
 *
 * <p>Nothing is known about whose images they are: each counts as a patient of its own, so a split
 * can put two images of one person on both sides. Labels, views and masks are unknown.
 */
public final class FolderDataset implements Dataset {
  /** What the user types, and the name space of its patients. */
  public static final String NAME = "folder";

  private static final List<String> EXTENSIONS = List.of(".png", ".jpg", ".jpeg", ".dcm", ".dicom");
  private final Path root;
  private final Map<String, DataFile> files;
  private final List<Sample> samples;
  private final List<String> problems;
  private final Resize resize;

  /** As the next constructor, with {@link Resize#ANTIALIAS}. */
  public FolderDataset(Path root) {
    this(root, Resize.ANTIALIAS);
  }

  /**
   * Lists the directory; images are read later.
   *
   * @throws ProblemException BAD_DATA when it is missing, unreadable or without an image
   */
  public FolderDataset(Path root, Resize resize) {
    this(root, resize, line -> {});
  }

  /**
   * As the other constructor.
   *
   * @param root a directory, or an archive
   * @param warnings gets one line for each archive that is not read, or not wholly
   */
  public FolderDataset(Path root, Resize resize, Consumer<String> warnings) {
    this.root = root;
    this.resize = resize;
    boolean archive = Files.isRegularFile(root) && Archives.isArchive(root);
    if (!archive && !Files.isDirectory(root)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          root + ": no such directory; name one that holds PNG, JPEG or DICOM X-rays");
    }
    Archives archives = new Archives();
    Map<String, Path> packed = new TreeMap<>();
    files = archive ? new TreeMap<>() : list(root, packed);
    if (archive) {
      packed.put("", root);
    }
    packed.forEach(
        (id, file) ->
            addMembers(id.substring(0, id.lastIndexOf('/') + 1), DataFolder.of(file, archives)));
    List<String> wrong = new ArrayList<>(archives.problems());
    String unlisted = archives.sequential().isEmpty() ? "" : archives.sequential().get(0).name();
    if (files.isEmpty()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          root
              + ": no .png, .jpg, .jpeg, .dcm or .dicom file in or below it; name the directory"
              + " that holds the X-rays"
              + (unlisted.isEmpty() ? "" : ", or unpack " + unlisted + ", which cannot be listed"));
    }
    if (!unlisted.isEmpty()) {
      wrong.add(
          root
              + ": "
              + archives.sequential().size()
              + " archives that cannot be listed are left out, such as "
              + unlisted
              + "; unpack them");
    }
    wrong.forEach(warnings);
    problems = List.copyOf(wrong);
    samples =
        files.keySet().stream()
            .map(id -> new Sample(NAME, id, NAME + ":" + id, "", Map.of()))
            .toList();
  }

  /** An unpacked file counts before an archive's of its name. */
  private void addMembers(String below, DataFolder archive) {
    archive
        .members()
        .forEach(
            (path, file) -> {
              if (isImage(file.name()) && !("/" + path).contains("/.")) {
                files.putIfAbsent(below + path, file);
              }
            });
  }

  private static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(lower::endsWith);
  }

  /**
   * @param packed gets the archives by their paths
   */
  private static Map<String, DataFile> list(Path root, Map<String, Path> packed) {
    Map<String, DataFile> found = new TreeMap<>();
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              return !dir.equals(root) && hidden(dir)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && !hidden(file)) {
                String id = relative(root, file);
                if (isImage(id)) {
                  found.put(id, DataFile.of(file));
                } else if (Archives.isArchive(file)) {
                  packed.put(id, file);
                }
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE; // a link to a directory that is listed anyway
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, root + ": cannot be listed: " + e + "; check its permissions", e);
    }
    return found;
  }

  /** By its name: the same on every system, and what macOS and archives leave behind. */
  private static boolean hidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private static String relative(Path root, Path file) {
    StringBuilder id = new StringBuilder();
    for (Path part : root.relativize(file)) {
      id.append(id.length() == 0 ? "" : "/").append(part);
    }
    return id.toString();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  @Override
  public List<Sample> samples() {
    return samples;
  }

  @Override
  public GrayImage image(Sample sample, int resolution) {
    return DataImages.load(file(sample), resolution, resize);
  }

  @Override
  public Optional<RawImage> raw(Sample sample) {
    return Optional.of(DataImages.read(file(sample)));
  }

  @Override
  public long storedBytes(Sample sample) {
    DataFile file = files.get(sample.id());
    return file == null ? UNKNOWN_SIZE : file.size();
  }

  private DataFile file(Sample sample) {
    DataFile file = files.get(sample.id());
    if (file == null || !sample.dataset().equals(NAME)) {
      throw new IllegalArgumentException("sample " + sample.id() + " is not of " + root);
    }
    return file;
  }

  @Override
  public Optional<GrayImage> mask(Sample sample, String target, int resolution) {
    return Optional.empty();
  }

  @Override
  public String provenance() {
    return "folder: " + samples.size() + " images below " + root.toAbsolutePath().normalize();
  }
}
