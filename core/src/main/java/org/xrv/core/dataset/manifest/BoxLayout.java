package org.xrv.core.dataset.manifest;

import java.util.List;

/**
 * A CSV file of rectangles around findings.
 *
 * @param files accepted names; the first that exists is read, and none need exist
 * @param side of the square that coordinates refer to, in pixels; 0 for the image's own pixels
 * @param blankRows whether a row may have no rectangle at all
 * @param columns of the file
 */
public record BoxLayout(List<String> files, Integer side, Boolean blankRows, Columns columns) {
  /** A set without rectangles. */
  public static final BoxLayout NONE = new BoxLayout(List.of(), 1, false, null);

  public BoxLayout {
    files = files == null ? List.of() : List.copyOf(files);
    if (side == null || side < 0 || side > 16384) {
      throw DataManifest.problem(
          "boxes.side", "is " + side + "; expected pixels, 1 to 16384, or 0 for the image's own");
    }
    blankRows = blankRows != null && blankRows;
    if (!files.isEmpty()) {
      DataManifest.require("boxes.columns", columns);
    }
  }

  /**
   * Accepted spellings of each column's header; distances from the image's top left. Either width
   * and height are given, or right and bottom.
   *
   * @param target left out where every rectangle is around all targets
   */
  public record Columns(
      List<String> image,
      List<String> target,
      List<String> left,
      List<String> top,
      List<String> width,
      List<String> height,
      List<String> right,
      List<String> bottom) {
    public Columns {
      image = DataManifest.requireSome("boxes.columns.image", image);
      target = target == null ? List.of() : List.copyOf(target);
      left = DataManifest.requireSome("boxes.columns.left", left);
      top = DataManifest.requireSome("boxes.columns.top", top);
      if (right == null) {
        width = DataManifest.requireSome("boxes.columns.width", width);
        height = DataManifest.requireSome("boxes.columns.height", height);
        right = List.of();
        bottom = List.of();
      } else {
        if (width != null || height != null) {
          throw DataManifest.problem("boxes.columns", "has both right and width; expected one");
        }
        right = DataManifest.requireSome("boxes.columns.right", right);
        bottom = DataManifest.requireSome("boxes.columns.bottom", bottom);
        width = List.of();
        height = List.of();
      }
    }
  }
}
