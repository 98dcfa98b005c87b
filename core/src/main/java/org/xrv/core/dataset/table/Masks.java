package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.files.DataImages;
import org.xrv.core.dataset.manifest.DataManifest;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Preprocessing;
import org.xrv.core.image.RawImage;
import org.xrv.core.image.Resize;

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
      RawImage raw = DataImages.read(file.get());
      height = raw.height();
      width = raw.width();
    }
    float[] pixels = new float[height * width];
    for (Box box : found) {
      box.drawOn(pixels, height, width);
    }
    return Optional.of(resized(height, width, pixels, resolution));
  }

  private GrayImage resized(int height, int width, float[] pixels, int resolution) {
    return resize.apply(Preprocessing.centerCrop(new GrayImage(height, width, pixels)), resolution);
  }
}
