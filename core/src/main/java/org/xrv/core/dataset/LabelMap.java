package org.xrv.core.dataset;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Findings by target, immutable and sorted. Samples of the same labels can share one: a data set of
 * 600,000 images has a few thousand different ones.
 */
public final class LabelMap extends AbstractMap<String, Finding> {
  private final String[] targets;
  private final Finding[] findings;

  private LabelMap(String[] targets, Finding[] findings) {
    this.targets = targets;
    this.findings = findings;
  }

  /** The same labels; the map itself if it is one of these. */
  public static LabelMap of(Map<String, Finding> labels) {
    if (labels instanceof LabelMap known) {
      return known;
    }
    TreeMap<String, Finding> sorted = new TreeMap<>(labels);
    return new LabelMap(
        sorted.keySet().toArray(String[]::new), sorted.values().toArray(Finding[]::new));
  }

  @Override
  public Finding get(Object target) {
    int at = target instanceof String name ? Arrays.binarySearch(targets, name) : -1;
    return at < 0 ? null : findings[at];
  }

  @Override
  public boolean containsKey(Object target) {
    return get(target) != null;
  }

  @Override
  public Set<Entry<String, Finding>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return targets.length;
      }

      @Override
      public Iterator<Entry<String, Finding>> iterator() {
        return java.util.stream.IntStream.range(0, targets.length)
            .mapToObj(i -> Map.entry(targets[i], findings[i]))
            .iterator();
      }
    };
  }
}
