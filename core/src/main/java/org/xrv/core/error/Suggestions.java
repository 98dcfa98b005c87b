package org.xrv.core.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known name nearest to a mistyped one. */
public final class Suggestions {
  /** Nobody types longer names; to compare them would take long. */
  private static final int LONGEST = 200;

  private Suggestions() {}

  /**
   * The nearest of the known names: the fewest insertions, deletions, replacements and swaps of
   * neighbours away (Damerau 1964, optimal string alignment), upper and lower case being the same.
   *
   * @return empty when none is near: more than a third of the name would have to change
   */
  public static Optional<String> nearest(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(
            Comparator.comparingInt((String k) -> distance(wanted, k.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .filter(
            k ->
                distance(wanted, k.toLowerCase(Locale.ROOT))
                    <= Math.max(1, Math.max(name.length(), k.length()) / 3));
  }

  /** The nearest name as the end of a sentence, such as "; did you mean 'lr'?", or nothing. */
  public static String didYouMean(String name, Collection<String> known) {
    return nearest(name, known).map(k -> "; did you mean '" + k + "'?").orElse("");
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
