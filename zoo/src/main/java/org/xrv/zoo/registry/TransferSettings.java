package org.xrv.zoo.registry;

import java.time.Duration;
import java.util.Objects;

/**
 * How long to wait, how often to try, how much at once.
 *
 * @param patience without an answer or a byte for so long, a connection is given up
 * @param retries after so many failures in a row without any progress, the work is given up
 * @param firstPause before the second attempt; it doubles with each further one
 * @param longestPause of these, and of what a server may ask for
 * @param parallel files at the same time
 */
public record TransferSettings(
    Duration patience, int retries, Duration firstPause, Duration longestPause, int parallel) {
  public TransferSettings {
    Objects.requireNonNull(patience);
    Objects.requireNonNull(firstPause);
    Objects.requireNonNull(longestPause);
    if (patience.isNegative() || patience.isZero() || retries < 0 || parallel < 1) {
      throw new IllegalArgumentException("patience, retries and parallel are positive");
    }
  }

  /** What is right for most networks. */
  public static TransferSettings usual() {
    return new TransferSettings(
        Duration.ofSeconds(30), 6, Duration.ofMillis(250), Duration.ofSeconds(60), 4);
  }

  public TransferSettings withPatience(Duration other) {
    return new TransferSettings(other, retries, firstPause, longestPause, parallel);
  }
}
