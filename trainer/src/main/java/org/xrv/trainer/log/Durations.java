package org.xrv.trainer.log;

/** Lengths of time for people. */
public final class Durations {
  private Durations() {}

  /** Such as "2 h 5 min". */
  public static String text(double seconds) {
    long s = Math.round(seconds);
    if (s >= 48 * 3600) {
      return s / 86400 + " d " + s % 86400 / 3600 + " h";
    }
    if (s >= 3600) {
      return s / 3600 + " h " + s % 3600 / 60 + " min";
    }
    return s >= 60 ? s / 60 + " min " + s % 60 + " s" : s + " s";
  }
}
