package org.xrv.trainer.data;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.xrv.core.dataset.Finding;
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
    return targets.stream().map(target -> of(samples, target)).toList();
  }

  private static LabelCounts of(List<Sample> samples, String target) {
    Map<Finding, Long> counts =
        samples.stream()
            .collect(Collectors.groupingBy(s -> s.label(target), Collectors.counting()));
    return new LabelCounts(
        target,
        counts.getOrDefault(Finding.PRESENT, 0L),
        counts.getOrDefault(Finding.ABSENT, 0L),
        counts.getOrDefault(Finding.UNKNOWN, 0L));
  }

  public long known() {
    return present + absent;
  }

  /** Whether there are samples with and without the finding. */
  public boolean bothKinds() {
    return present > 0 && absent > 0;
  }
}
