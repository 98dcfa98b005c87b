package org.xrv.core.dataset;

import java.util.List;

/** Positions of samples by set and id: open addressing, as maps would take ten times the memory. */
public final class SampleIndex {
  private final List<Sample> samples;
  private final int[] table;

  /**
   * Of a list that does not change.
   *
   * @param samples of different sets or ids
   */
  public SampleIndex(List<Sample> samples) {
    this.samples = samples;
    this.table = new int[Integer.highestOneBit(Math.max(1, samples.size())) << 2];
    for (int position = 0; position < samples.size(); position++) {
      Sample sample = samples.get(position);
      int slot = slot(sample.dataset(), sample.id());
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = position + 1;
    }
  }

  private int slot(String dataset, String id) {
    int hash = (31 * dataset.hashCode() + id.hashCode()) * 0x9E3779B9;
    return (hash ^ (hash >>> 16)) & (table.length - 1);
  }

  /** Where a sample is; negative when it is not there. */
  public int position(String dataset, String id) {
    for (int slot = slot(dataset, id); table[slot] != 0; slot = (slot + 1) & (table.length - 1)) {
      Sample found = samples.get(table[slot] - 1);
      if (found.id().equals(id) && found.dataset().equals(dataset)) {
        return table[slot] - 1;
      }
    }
    return -1;
  }
}
