package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataImages;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.Resize;
import org.xrv.core.image.dicom.PixelFormat;

/** Masks from a set's rectangles and run lengths. */
final class Masks {
  private final DataManifest manifest;
  private final BoxTable boxes;
  private final RunTable runs;
  private final Resize resize;
  private final List<DataFile> files = new ArrayList<>();

  Masks(DataManifest manifest, TableLocation location, Resize resize) {
    this.resize = resize;
    this.manifest = manifest;
    Optional<DataFile> boxFile = location.find(manifest.boxes().files());
    Optional<DataFile> runFile =
        manifest.runs() == null ? Optional.empty() : location.find(manifest.runs().files());
    this.boxes =
        boxFile
            .map(file -> new BoxTable(file, manifest.boxes(), manifest.labels()))
            .orElseGet(BoxTable::new);
    this.runs = runFile.map(file -> new RunTable(file, manifest.runs())).orElseGet(RunTable::new);
    boxFile.ifPresent(files::add);
    runFile.ifPresent(files::add);
  }

  /** The files that masks come from, for a run's provenance. */
  List<DataFile> files() {
    return java.util.Collections.unmodifiableList(files);
  }

  /**
   * The union of a target's rectangles and runs, drawn at the scale of the originals, then cropped
   * and resized as images are.
   */
  Optional<GrayImage> of(String image, Supplier<DataFile> file, String target, int resolution) {
    List<Box> found = boxes.of(image, target);
    if (runs.has(image, target)) {
      float[] pixels = new float[runs.side() * runs.side()];
      runs.drawOn(pixels, image);
      found.forEach(box -> box.drawOn(pixels, runs.side(), runs.side()));
      return Optional.of(resized(runs.side(), runs.side(), pixels, resolution));
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int height = manifest.boxes().side();
    int width = height;
    if (height == 0) {
      // The originals' own, which a converted or resized file does not tell.
      Optional<PixelFormat> format = DataImages.header(file.get()).map(header -> header.format());
      if (format.isEmpty()) {
        return Optional.empty();
      }
      height = format.get().rows();
      width = format.get().columns();
      requireInside(image, file.get(), found, height, width);
    }
    float[] pixels = new float[height * width];
    for (Box box : found) {
      box.drawOn(pixels, height, width);
    }
    return Optional.of(resized(height, width, pixels, resolution));
  }

  /** By its name: asking the content of 15,000 files would take minutes on a network drive. */
  private static boolean isDicom(DataFile file) {
    String name = file.name().toLowerCase(Locale.ROOT);
    return name.endsWith(".dcm") || name.endsWith(".dicom");
  }

  private static void requireInside(
      String image, DataFile file, List<Box> boxes, int height, int width) {
    for (Box box : boxes) {
      // Publishers round up: an edge may lie on the next whole pixel.
      if (box.right() > width + 1 || box.bottom() > height + 1) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file
                + ": "
                + width
                + " x "
                + height
                + " pixels, but a box of image "
                + image
                + " reaches to "
                + box.right()
                + ", "
                + box.bottom()
                + "; the file is not the original, fetch that");
      }
    }
  }

  /** Says, where boxes are in the originals' own pixels, which images have no masks for that. */
  void warnOfOthers(String name, Collection<Entry> entries, Consumer<String> warnings) {
    if (manifest.boxes().files().isEmpty() || manifest.boxes().side() > 0) {
      return;
    }
    long others =
        entries.stream()
            .flatMap(entry -> entry.file().stream())
            .filter(file -> !isDicom(file))
            .count();
    if (others > 0) {
      warnings.accept(
          name
              + ": "
              + others
              + " images are no DICOM files: the boxes are in the originals' pixels, so that these"
              + " images have no masks");
    }
  }

  int boxes(String image) {
    return boxes.count(image);
  }

  int boxes(String image, String target) {
    return boxes.of(image, target).size();
  }

  private GrayImage resized(int height, int width, float[] pixels, int resolution) {
    return resize.apply(Preprocessing.centerCrop(new GrayImage(height, width, pixels)), resolution);
  }
}
