package org.xrv.core.dataset.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.dataset.files.DataFile;
import org.xrv.core.dataset.manifest.BoxLayout;
import org.xrv.core.dataset.manifest.LabelRules;
import org.xrv.core.error.Suggestions;

/** The rectangles of a box file, by image and target. */
final class BoxTable {
  private final Map<String, Map<String, List<Box>>> boxes = new HashMap<>();

  private final Map<String, Integer> rows = new HashMap<>();

  /** Without any rectangle. */
  BoxTable() {}

  BoxTable(DataFile file, BoxLayout layout, LabelRules labels) {
    BoxLayout.Columns columns = layout.columns();
    Map<String, List<String>> required = new HashMap<>();
    required.put("image", columns.image());
    required.put("left", columns.left());
    required.put("top", columns.top());
    for (var further :
        Map.of(
                "target", columns.target(),
                "width", columns.width(),
                "height", columns.height(),
                "right", columns.right(),
                "bottom", columns.bottom())
            .entrySet()) {
      if (!further.getValue().isEmpty()) {
        required.put(further.getKey(), further.getValue());
      }
    }
    boolean bySize = columns.right().isEmpty();
    List<String> edges =
        bySize
            ? List.of("left", "top", "width", "height")
            : List.of("left", "top", "right", "bottom");
    new CsvTable(file, required, Map.of())
        .forEach(
            row -> {
              if (!layout.blankRows() || !edges.stream().allMatch(key -> row.get(key).isEmpty())) {
                add(row, targets(row, columns, labels), bySize);
              }
            });
  }

  private static List<String> targets(TableRow row, BoxLayout.Columns columns, LabelRules labels) {
    if (columns.target().isEmpty()) {
      return labels.targets();
    }
    String word = row.text("target");
    return List.of(
        labels
            .target(word)
            .orElseThrow(
                () ->
                    row.problem(
                        "unknown finding \""
                            + word
                            + "\""
                            + Suggestions.didYouMean(word, labels.targets()))));
  }

  /** How many rectangles an image has; one around several targets counts once. */
  int count(String image) {
    return rows.getOrDefault(image, 0);
  }

  private void add(TableRow row, List<String> targets, boolean bySize) {
    double left = row.number("left");
    double top = row.number("top");
    double width = bySize ? row.number("width") : row.number("right") - left;
    double height = bySize ? row.number("height") : row.number("bottom") - top;
    if (!(width > 0 && height > 0)) {
      throw row.problem("a box of " + width + " x " + height + " pixels; expected more than 0");
    }
    if (!(left + width > left && top + height > top)) {
      throw row.problem("a box at " + left + ", " + top + "; no image is that large");
    }
    Box box = new Box(left, top, left + width, top + height);
    rows.merge(row.text("image"), 1, Integer::sum);
    for (String target : targets) {
      boxes
          .computeIfAbsent(row.text("image"), image -> new HashMap<>())
          .computeIfAbsent(target, t -> new ArrayList<>())
          .add(box);
    }
  }

  List<Box> of(String image, String target) {
    return boxes.getOrDefault(image, Map.of()).getOrDefault(target, List.of());
  }
}
