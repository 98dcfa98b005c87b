package org.xrv.core.dataset.manifest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The file with the rows of the images.
 *
 * @param files accepted names; the first that exists is read, a CSV file also as .gz or .zip
 * @param also names of further files of the same columns, read as well where they exist
 * @param form CSV when left out
 * @param several whether an image may have several rows, whose findings are united
 * @param ageIn the year of which the age is asked, where a birth column is given; 0 without
 */
public record TableLayout(
    List<String> files,
    List<String> also,
    TableForm form,
    Boolean several,
    Integer ageIn,
    Columns columns) {
  public TableLayout {
    files = DataManifest.requireSome("table.files", files);
    also = also == null ? List.of() : List.copyOf(also);
    form = form == null ? TableForm.CSV : form;
    several = several != null && several;
    ageIn = ageIn == null ? 0 : ageIn;
    DataManifest.require("table.columns", columns);
    if (!columns.birth().isEmpty() && ageIn == 0) {
      throw DataManifest.problem("table.ageIn", "is missing; columns.birth needs a year");
    }
  }

  /**
   * Accepted spellings of each column's header. A column that is left out is one that the table
   * does not have; those of sex, age, birth and projection need not be in the file.
   *
   * @param image the file's name, with or without its extension
   * @param labels the findings, unless they have columns of their own
   * @param patient without it, every image counts as a patient of its own
   * @param view PA, AP ...
   * @param projection what stands in for the view where that is empty
   * @param birth the year
   * @param split the publisher's split
   * @param others further columns, by the names that joins, filters and paths call them
   */
  public record Columns(
      List<String> image,
      List<String> labels,
      List<String> patient,
      List<String> view,
      List<String> projection,
      List<String> sex,
      List<String> age,
      List<String> birth,
      List<String> split,
      Map<String, List<String>> others) {
    public Columns {
      image = DataManifest.requireSome("table.columns.image", image);
      labels = orNone(labels);
      patient = orNone(patient);
      view = orNone(view);
      projection = orNone(projection);
      sex = orNone(sex);
      age = orNone(age);
      birth = orNone(birth);
      split = orNone(split);
      others =
          Collections.unmodifiableMap(others == null ? new TreeMap<>() : new TreeMap<>(others));
      others.forEach(
          (key, names) -> DataManifest.requireSome("table.columns.others." + key, names));
    }

    private static List<String> orNone(List<String> spellings) {
      return spellings == null ? List.of() : List.copyOf(spellings);
    }

    /** Columns that must be there, by key: image, labels ... and those of {@link #others}. */
    public Map<String, List<String>> required() {
      Map<String, List<String>> columns = new TreeMap<>(others);
      columns.put("image", image);
      put(columns, "labels", labels);
      put(columns, "patient", patient);
      put(columns, "view", view);
      put(columns, "split", split);
      return columns;
    }

    /** Columns that may be missing from the file, by key. */
    public Map<String, List<String>> optional() {
      Map<String, List<String>> columns = new TreeMap<>();
      put(columns, "projection", projection);
      put(columns, "sex", sex);
      put(columns, "age", age);
      put(columns, "birth", birth);
      return columns;
    }

    /** Every key that a join, a filter or a path may name. */
    public TreeSet<String> keys() {
      TreeSet<String> keys = new TreeSet<>(required().keySet());
      keys.addAll(optional().keySet());
      return keys;
    }

    private static void put(Map<String, List<String>> columns, String key, List<String> spellings) {
      if (!spellings.isEmpty()) {
        columns.put(key, spellings);
      }
    }
  }
}
