package org.xrv.converter.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.xrv.core.graph.Shape;
import org.xrv.core.graph.ValueInfo;

/**
 * Values within a network in groups, for each of which it runs anew, so that not all of them are in
 * memory at once.
 */
public final class ValueGroups {
  private ValueGroups() {}

  /**
   * In the order of the values; a value that is larger than a group is alone in one.
   *
   * @param infos shapes by name
   * @param batch what stands for dimensions that are open
   * @param elements that a group may have
   */
  public static List<List<String>> of(
      Collection<String> values, Map<String, ValueInfo> infos, int batch, long elements) {
    List<List<String>> groups = new ArrayList<>();
    long taken = elements;
    for (String value : values) {
      long size = 1;
      for (int d : infos.get(value).shape().dims()) {
        size *= d == Shape.UNKNOWN ? batch : d;
      }
      if (groups.isEmpty() || taken + size > elements) {
        groups.add(new ArrayList<>());
        taken = 0;
      }
      groups.get(groups.size() - 1).add(value);
      taken += size;
    }
    return groups;
  }
}
