package org.xrv.core.dataset.manifest;

import java.util.List;

/**
 * A CSV file of rectangles around findings.
 *
 * @param files accepted names; the first that exists is read, and none need exist
 * @param side of the square that coordinates refer to, in pixels
 */
public record BoxLayout(List<String> files, int side, Columns columns) {
  /** A set without rectangles. */
  public static final BoxLayout NONE = new BoxLayout(List.of(), 1, null);

  public BoxLayout {
    files = files == null ? List.of() : List.copyOf(files);
    if (side < 1) {
      throw DataManifest.problem("boxes.side", "is " + side + "; expected pixels, 1 or more");
    }
    if (!files.isEmpty()) {
      DataManifest.require("boxes.columns", columns);
    }
  }

  /** Accepted spellings of each column's header; left and top from the image's top left. */
  public record Columns(
      List<String> image,
      List<String> target,
      List<String> left,
      List<String> top,
      List<String> width,
      List<String> height) {
    public Columns {
      image = DataManifest.requireSome("boxes.columns.image", image);
      target = DataManifest.requireSome("boxes.columns.target", target);
      left = DataManifest.requireSome("boxes.columns.left", left);
      top = DataManifest.requireSome("boxes.columns.top", top);
      width = DataManifest.requireSome("boxes.columns.width", width);
      height = DataManifest.requireSome("boxes.columns.height", height);
    }
  }
}
