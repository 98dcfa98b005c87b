package org.xrv.trainer.data;

import java.util.List;
import org.xrv.core.dataset.Sample;

/**
 * How many samples say what about a target.
 *
 * @param present samples with the finding
 * @param absent samples without it
 * @param unknown samples that say nothing
 */
public record LabelCounts(String target, long present, long absent, long unknown) {
  /** Of each target, in their order. */
  public static List<LabelCounts> of(List<Sample> samples, List<String> targets) {
    return targets.stream()
        .map(
            target -> {
              long[] counts = new long[3];
              samples.forEach(s -> counts[s.label(target).ordinal()]++);
              return new LabelCounts(target, counts[0], counts[1], counts[2]);
            })
        .toList();
  }

  public long known() {
    return present + absent;
  }

  /** Whether there are samples with and without the finding. */
  public boolean bothKinds() {
    return present > 0 && absent > 0;
  }
}
