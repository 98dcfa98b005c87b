package org.xrv.trainer.log;

import java.util.Locale;

/** Amounts of memory and disk for people. */
public final class ByteCounts {
  private ByteCounts() {}

  public static String text(long bytes) {
    return text((double) bytes);
  }

  /** Such as "1.2 GB" or "310 MB". */
  public static String text(double bytes) {
    return bytes >= 1e9
        ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
        : String.format(Locale.ROOT, bytes >= 1e7 ? "%.0f MB" : "%.1f MB", bytes / 1e6);
  }
}
