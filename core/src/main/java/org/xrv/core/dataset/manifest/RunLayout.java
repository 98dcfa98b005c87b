package org.xrv.core.dataset.manifest;

import java.util.List;

/**
 * A CSV file of masks as run lengths: pairs of a distance from the end of the run before and a
 * length, over the pixels of a square; several rows of an image are united.
 *
 * @param files accepted names; the first that exists is read, and none need exist
 * @param side of the square in pixels
 * @param transposed whether the pixels are counted down the columns
 * @param target that the masks show
 * @param none the cell of an image without a mask
 * @param image accepted spellings of the column with the image's name
 * @param runs accepted spellings of the column with the run lengths
 */
public record RunLayout(
    List<String> files,
    Integer side,
    Boolean transposed,
    String target,
    String none,
    List<String> image,
    List<String> runs) {
  public RunLayout {
    files = DataManifest.requireSome("runs.files", files);
    if (side == null || side < 1 || side > 16384) {
      throw DataManifest.problem("runs.side", "is " + side + "; expected pixels, 1 to 16384");
    }
    transposed = transposed != null && transposed;
    DataManifest.requireText("runs.target", target);
    none = none == null ? "" : none;
    image = DataManifest.requireSome("runs.image", image);
    runs = DataManifest.requireSome("runs.runs", runs);
  }
}
