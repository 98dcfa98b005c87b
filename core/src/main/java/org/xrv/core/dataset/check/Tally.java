package org.xrv.core.dataset.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.manifest.ExpectedCounts;
import org.xrv.core.dataset.table.TableDataset;

/** What a data set's tables amount to, in the terms of the published counts. */
final class Tally {
  private final Set<String> patients = new HashSet<>();
  private final Map<String, Set<String>> patientsOn = new HashMap<>();
  private final Map<String, Integer> views = new TreeMap<>();
  private final Map<String, Integer> positives = new TreeMap<>();
  private final Map<String, Map<String, Integer>> positivesOn = new HashMap<>();
  private final Map<String, Integer> splits = new TreeMap<>();
  private final Map<String, Integer> boxes = new TreeMap<>();
  private final Map<String, Map<String, Integer>> boxesOn = new HashMap<>();
  private int images;
  private int allBoxes;
  private int boxedImages;
  private long rows;

  private Tally() {}

  /**
   * @param samples of the data set that have an image
   */
  static Tally of(Dataset dataset, List<Sample> samples) {
    Tally tally = new Tally();
    samples.forEach(tally::add);
    if (dataset instanceof TableDataset table) {
      tally.rows = table.rows();
      samples.forEach(sample -> tally.addBoxes(table, sample));
    }
    return tally;
  }

  private void add(Sample sample) {
    images++;
    patients.add(sample.patient());
    patientsOn.computeIfAbsent(sample.view(), view -> new HashSet<>()).add(sample.patient());
    views.merge(sample.view(), 1, Integer::sum);
    if (!sample.split().isEmpty()) {
      splits.merge(sample.split(), 1, Integer::sum);
    }
    Map<String, Integer> here = positivesOn.computeIfAbsent(sample.view(), v -> new HashMap<>());
    boolean none = !sample.labels().isEmpty();
    for (var label : sample.labels().entrySet()) {
      int present = label.getValue() == Finding.PRESENT ? 1 : 0;
      none &= label.getValue() == Finding.ABSENT;
      positives.merge(label.getKey(), present, Integer::sum);
      here.merge(label.getKey(), present, Integer::sum);
    }
    if (none) {
      here.merge(ExpectedCounts.NO_FINDING, 1, Integer::sum);
    }
  }

  private void addBoxes(TableDataset table, Sample sample) {
    int all = table.boxes(sample);
    if (all == 0) {
      return;
    }
    allBoxes += all;
    boxedImages++;
    Map<String, Integer> here = boxesOn.computeIfAbsent(sample.view(), view -> new HashMap<>());
    here.merge(ExpectedCounts.ANY, all, Integer::sum);
    for (String target : sample.labels().keySet()) {
      int n = table.boxes(sample, target);
      if (n > 0) {
        boxes.merge(target, n, Integer::sum);
        here.merge(target, n, Integer::sum);
      }
    }
  }

  /** Each count that is stated, with what is here; 0 is "not stated". */
  List<CheckReport.Count> compared(ExpectedCounts e) {
    List<CheckReport.Count> counts = new ArrayList<>();
    count(counts, "rows", e.rows(), (int) rows);
    count(counts, "images", e.images(), images);
    count(counts, "patients", e.patients(), patients.size());
    e.views().forEach((view, n) -> count(counts, "view " + view, n, views.get(view)));
    e.patientsOn()
        .forEach(
            (view, n) ->
                count(
                    counts,
                    "patients on " + view,
                    n,
                    patientsOn.getOrDefault(view, Set.of()).size()));
    e.splits().forEach((split, n) -> count(counts, "split " + split, n, splits.get(split)));
    e.positives().forEach((target, n) -> count(counts, target, n, positives.get(target)));
    each(counts, "", e.positivesOn(), positivesOn);
    count(counts, "boxes", e.boxes(), allBoxes);
    count(counts, "images with boxes", e.boxedImages(), boxedImages);
    e.boxesOf().forEach((target, n) -> count(counts, "boxes " + target, n, boxes.get(target)));
    each(counts, "boxes ", e.boxesOn(), boxesOn);
    return counts;
  }

  private static void each(
      List<CheckReport.Count> counts,
      String what,
      Map<String, Map<String, Integer>> expected,
      Map<String, Map<String, Integer>> found) {
    expected.forEach(
        (view, byTarget) ->
            byTarget.forEach(
                (target, n) ->
                    count(
                        counts,
                        what + target + " on " + view,
                        n,
                        found.getOrDefault(view, Map.of()).get(target))));
  }

  private static void count(
      List<CheckReport.Count> counts, String what, int expected, Integer found) {
    if (expected > 0) {
      counts.add(new CheckReport.Count(what, expected, found == null ? 0 : found));
    }
  }

  int images() {
    return images;
  }

  int patients() {
    return patients.size();
  }

  Map<String, Integer> views() {
    return views;
  }

  Map<String, Integer> positives() {
    return positives;
  }

  Map<String, Integer> splits() {
    return splits;
  }

  Map<String, Integer> boxes() {
    return boxes;
  }
}
