package org.xrv.zoo.registry;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** How long to wait before the next attempt. */
final class Pause {
  private Pause() {}

  /**
   * Doubles with each failure, half of it at random, so that many clients do not come back at the
   * same moment.
   *
   * @param failures in a row, at least 1
   */
  static Duration after(int failures, TransferSettings settings) {
    long full =
        Math.min(
            settings.firstPause().toMillis() << Math.min(failures - 1, 20),
            Math.min(10_000, settings.longestPause().toMillis()));
    return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }

  /** What a server asks for in Retry-After, as seconds or as a date. */
  static Optional<Duration> asked(HttpHeaders headers) {
    return headers.firstValue("Retry-After").map(String::strip).flatMap(Pause::parse);
  }

  private static Optional<Duration> parse(String text) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Duration wait =
          Duration.between(
              Instant.now(),
              ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Sleeps; an interruption ends the work. */
  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(ProblemKind.NETWORK, "the transfer was interrupted", e);
    }
  }
}
