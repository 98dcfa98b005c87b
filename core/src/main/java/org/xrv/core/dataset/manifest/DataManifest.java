package org.xrv.core.dataset.manifest;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.error.Suggestions;

/**
 * A data set as it is shipped. Keys that a set has no use for are left out.
 *
 * @param manifest version of this description's form, 1
 * @param name what the user types, such as "nih"
 * @param title what it is called in print
 * @param homepage where it comes from; may be empty
 * @param licence its terms in one line
 * @param redistributable whether a network that was trained on it may be handed on without asking
 * @param agreement what a user must have agreed to before getting the data, which networks trained
 *     on it carry on; empty without
 * @param citation the article to cite; may be empty
 * @param roots directories, below the one that the user names, in which the set may begin
 * @param images where the image files lie
 * @param table the file with the images' rows
 * @param joins files with more columns
 * @param patients whose images they are
 * @param views the toolkit's names of views, by the table's; one that is not listed stays
 * @param labels how the table writes findings
 * @param filters which rows are taken, by the filters' names, in this order
 * @param splits by name, accepted files that list the images of an official split
 * @param boxes rectangles around findings; {@link BoxLayout#NONE} without
 * @param runs masks as run lengths, or null
 * @param expected counts of the complete set; {@link ExpectedCounts#NONE} without
 * @param archives what a download consists of; may be empty
 */
public record DataManifest(
    Integer manifest,
    String name,
    String title,
    String homepage,
    String licence,
    Boolean redistributable,
    String agreement,
    String citation,
    List<String> roots,
    ImageLayout images,
    TableLayout table,
    List<JoinLayout> joins,
    PatientRules patients,
    Map<String, String> views,
    LabelRules labels,
    Map<String, RowFilter> filters,
    Map<String, List<String>> splits,
    BoxLayout boxes,
    RunLayout runs,
    ExpectedCounts expected,
    List<Archive> archives) {
  public DataManifest {
    require("manifest", manifest);
    if (manifest != 1) {
      throw problem("manifest", "is " + manifest + "; this program reads version 1");
    }
    requireText("name", name);
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw problem("name", "is \"" + name + "\"; lower-case letters, digits and - are allowed");
    }
    requireText("title", title);
    homepage = homepage == null ? "" : homepage.strip();
    requireText("licence", licence);
    require("redistributable", redistributable);
    agreement = agreement == null ? "" : agreement.strip();
    citation = citation == null ? "" : citation.strip();
    roots = roots == null ? List.of(".") : requireSome("roots", roots);
    require("images", images);
    require("table", table);
    joins = joins == null ? List.of() : List.copyOf(joins);
    patients = patients == null ? PatientRules.OWN : patients;
    if (views != null && views.containsValue(null)) {
      throw problem("views", "has a view without a name");
    }
    views = Collections.unmodifiableMap(views == null ? new TreeMap<>() : new TreeMap<>(views));
    require("labels", labels);
    filters = ordered(filters);
    splits = Collections.unmodifiableMap(splits == null ? new TreeMap<>() : new TreeMap<>(splits));
    splits.forEach((split, files) -> requireSome("splits." + split, files));
    boxes = boxes == null ? BoxLayout.NONE : boxes;
    expected = expected == null ? ExpectedCounts.NONE : expected;
    archives = archives == null ? List.of() : List.copyOf(archives);
    requireKeys(table, joins, filters);
    requireLabels(table, joins, labels, runs);
    for (String target : expected.targets()) {
      if (!labels.targets().contains(target)) {
        throw problem(
            "expected",
            "counts \""
                + target
                + "\", no target"
                + Suggestions.didYouMean(target, labels.targets()));
      }
    }
  }

  private static Map<String, RowFilter> ordered(Map<String, RowFilter> filters) {
    Map<String, RowFilter> kept = new LinkedHashMap<>();
    if (filters != null) {
      filters.forEach(
          (name, filter) -> {
            // A variant switches a filter off by giving it no value.
            if (filter != null) {
              kept.put(name, filter);
            }
          });
    }
    return Collections.unmodifiableMap(kept);
  }

  private static void requireKeys(
      TableLayout table, List<JoinLayout> joins, Map<String, RowFilter> filters) {
    TreeSet<String> keys = table.columns().keys();
    for (JoinLayout join : joins) {
      join.on().keySet().forEach(key -> requireKnown("joins.on", key, keys));
      TreeSet<String> given = new TreeSet<>(keys);
      given.add("labels");
      join.gives().forEach(key -> requireKnown("joins.gives", key, given));
    }
    keys.addAll(List.of("age", "split"));
    filters.forEach((name, f) -> requireKnown("filters." + name + ".column", f.column(), keys));
  }

  private static void requireLabels(
      TableLayout table, List<JoinLayout> joins, LabelRules labels, RunLayout runs) {
    if (labels.style() != LabelStyle.COLUMNS
        && table.columns().labels().isEmpty()
        && joins.stream().noneMatch(join -> join.gives().contains("labels"))) {
      throw problem("table.columns.labels", "is missing");
    }
    if (runs != null && !labels.targets().contains(runs.target())) {
      throw problem("runs.target", "is \"" + runs.target() + "\", none of labels.targets");
    }
  }

  private static void requireKnown(String key, String value, Collection<String> known) {
    if (!known.contains(value)) {
      throw problem(
          key,
          "names \""
              + value
              + "\", no key of table.columns"
              + Suggestions.didYouMean(value, known));
    }
  }

  /** The name space of the set's own patients. */
  public String patientSpace() {
    return patients.space().isEmpty() ? name : patients.space();
  }

  /**
   * One downloadable file.
   *
   * @param md5 in lower-case hexadecimal, as the publisher gives it; empty where he gives none
   * @param tables whether a .tar.gz holds tables: such a one is read into memory on opening
   */
  public record Archive(String name, String md5, Boolean tables) {
    public Archive {
      requireText("archives.name", name);
      tables = tables != null && tables;
      md5 = md5 == null ? "" : md5;
      if (!md5.matches("([0-9a-f]{32})?")) {
        throw problem("archives.md5", "of " + name + " is not 32 hexadecimal digits");
      }
    }
  }

  static void requireText(String key, String value) {
    if (value == null || value.isBlank()) {
      throw problem(key, "is missing");
    }
  }

  static void require(String key, Object value) {
    if (value == null) {
      throw problem(key, "is missing");
    }
  }

  static List<String> requireSome(String key, List<String> values) {
    if (values == null || values.isEmpty() || values.stream().anyMatch(Objects::isNull)) {
      throw problem(key, "needs at least one value, and no empty one");
    }
    return List.copyOf(values);
  }

  static ProblemException problem(String key, String what) {
    return new ProblemException(ProblemKind.BAD_DATA, "key \"" + key + "\" " + what);
  }
}
