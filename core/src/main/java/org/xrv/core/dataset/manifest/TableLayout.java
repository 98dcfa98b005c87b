package org.xrv.core.dataset.manifest;

import java.util.List;

/**
 * A CSV file with a header and one row for each image.
 *
 * @param files accepted names; the first that exists is read
 */
public record TableLayout(List<String> files, Columns columns) {
  public TableLayout {
    files = DataManifest.requireSome("table.files", files);
    DataManifest.require("table.columns", columns);
  }

  /**
   * Accepted spellings of each column's header.
   *
   * @param image the file's name
   * @param sex may be empty: a table without it
   * @param age may be empty: a table without it
   */
  public record Columns(
      List<String> image,
      List<String> labels,
      List<String> patient,
      List<String> view,
      List<String> sex,
      List<String> age) {
    public Columns {
      image = DataManifest.requireSome("table.columns.image", image);
      labels = DataManifest.requireSome("table.columns.labels", labels);
      patient = DataManifest.requireSome("table.columns.patient", patient);
      view = DataManifest.requireSome("table.columns.view", view);
      sex = sex == null ? List.of() : List.copyOf(sex);
      age = age == null ? List.of() : List.copyOf(age);
    }
  }
}
