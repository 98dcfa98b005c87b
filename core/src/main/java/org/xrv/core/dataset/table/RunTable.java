package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.RunLayout;

/** Masks as run lengths, by image; see {@link RunLayout}. */
final class RunTable {
  private final RunLayout layout;
  private final Map<String, List<int[]>> masks = new HashMap<>();

  /** Without any mask. */
  RunTable() {
    this.layout = null;
  }

  RunTable(DataFile file, RunLayout layout) {
    this.layout = layout;
    new CsvTable(file, Map.of("image", layout.image(), "runs", layout.runs()), Map.of())
        .forEach(
            row -> {
              String cell = row.text("runs");
              if (!cell.equals(layout.none())) {
                masks
                    .computeIfAbsent(row.text("image"), image -> new ArrayList<>())
                    .add(parse(row, cell));
              }
            });
  }

  private int[] parse(TableRow row, String cell) {
    String[] words = cell.split("\\s+", -1);
    if (words.length % 2 != 0) {
      throw row.problem(
          "run lengths of " + words.length + " numbers; expected pairs of distance and length");
    }
    int[] runs = new int[words.length];
    long end = 0;
    for (int i = 0; i < runs.length; i++) {
      try {
        runs[i] = Integer.parseInt(words[i]);
      } catch (NumberFormatException e) {
        throw row.problem("run length \"" + words[i] + "\"; expected a whole number");
      }
      if (runs[i] < 0) {
        throw row.problem("run length " + runs[i] + "; expected 0 or more");
      }
      end += runs[i];
    }
    long pixels = (long) layout.side() * layout.side();
    if (end > pixels) {
      throw row.problem(
          "run lengths that end at pixel " + end + "; the image has " + pixels + " pixels");
    }
    return runs;
  }

  boolean has(String image, String target) {
    return layout != null && layout.target().equals(target) && masks.containsKey(image);
  }

  int side() {
    return layout.side();
  }

  /** Sets the union of the image's masks to 1, row by row. */
  void drawOn(float[] pixels, String image) {
    int side = layout.side();
    for (int[] runs : masks.get(image)) {
      int at = 0;
      for (int i = 0; i < runs.length; i += 2) {
        at += runs[i];
        for (int end = at + runs[i + 1]; at < end; at++) {
          pixels[layout.transposed() ? at % side * side + at / side : at] = 1;
        }
      }
    }
  }
}
