package org.xrv.trainer.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a run has logged so far, from metrics.jsonl and timing.jsonl, which it follows while they
 * grow. metrics.jsonl is cut back when a run goes on from an earlier step; timing.jsonl keeps what
 * happened in between, so that of lines about the same steps only the last ones count.
 */
public final class RunHistory {
  private final LineFollower metricsFile;
  private final LineFollower timingFile;
  private final List<LogLine> metrics = new ArrayList<>();
  private final List<LogLine> timing = new ArrayList<>();

  /**
   * Reads nothing yet: {@link #advance} does.
   *
   * @param run its directory
   */
  public RunHistory(Path run) {
    this.metricsFile = new LineFollower(run.resolve(MetricsLog.METRICS));
    this.timingFile = new LineFollower(run.resolve(MetricsLog.TIMING));
  }

  /** Reads what was appended since the last call. */
  public void advance() throws IOException {
    metrics.addAll(metricsFile.next());
    for (LogLine line : timingFile.next()) {
      while (!timing.isEmpty() && line.isBeforeOrAt(timing.get(timing.size() - 1))) {
        timing.remove(timing.size() - 1);
      }
      timing.add(line);
    }
  }

  /** Forgets the pace of steps that a run is going to take once more. */
  public void forgetTimingAfter(long step) {
    timing.removeIf(line -> line.step() > step);
  }

  /** The lines of metrics.jsonl. */
  public List<LogLine> metrics() {
    return Collections.unmodifiableList(metrics);
  }

  /** The lines of timing.jsonl, each step once. */
  public List<LogLine> timing() {
    return Collections.unmodifiableList(timing);
  }

  /** The lines of metrics.jsonl about validations. */
  public List<LogLine> epochs() {
    return metrics.stream().filter(l -> l.kind() == LogLine.Kind.EPOCH).toList();
  }
}
