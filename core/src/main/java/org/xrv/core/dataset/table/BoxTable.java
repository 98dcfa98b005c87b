package org.xrv.core.dataset.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.dataset.manifest.BoxLayout;
import org.xrv.core.dataset.manifest.LabelRules;
import org.xrv.core.error.Suggestions;

/** The rectangles of a box file, by image and target. */
final class BoxTable {
  private final Map<String, Map<String, List<Box>>> boxes = new HashMap<>();

  /** Without any rectangle. */
  BoxTable() {}

  BoxTable(Path file, BoxLayout layout, LabelRules labels) {
    BoxLayout.Columns columns = layout.columns();
    CsvTable table =
        new CsvTable(
            file,
            Map.of(
                "image", columns.image(),
                "target", columns.target(),
                "left", columns.left(),
                "top", columns.top(),
                "width", columns.width(),
                "height", columns.height()),
            Map.of());
    table.forEach(row -> add(row, labels));
  }

  private void add(CsvTable.Row row, LabelRules labels) {
    String word = row.text("target");
    String target =
        labels
            .target(word)
            .orElseThrow(
                () ->
                    row.problem(
                        "unknown finding \""
                            + word
                            + "\""
                            + Suggestions.didYouMean(word, labels.targets())));
    double left = row.number("left");
    double top = row.number("top");
    double width = row.number("width");
    double height = row.number("height");
    if (!(width > 0 && height > 0)) {
      throw row.problem("a box of " + width + " x " + height + " pixels; expected more than 0");
    }
    boxes
        .computeIfAbsent(row.text("image"), image -> new HashMap<>())
        .computeIfAbsent(target, t -> new ArrayList<>())
        .add(new Box(left, top, left + width, top + height));
  }

  List<Box> of(String image, String target) {
    return boxes.getOrDefault(image, Map.of()).getOrDefault(target, List.of());
  }
}
