package org.xrv.zoo.name;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A version by Semantic Versioning 2.0.0, without build metadata: a tag of an OCI registry cannot
 * hold a '+'. The order is the one of section 11 of the specification.
 *
 * @param major 0 to 999,999,999, as the next two
 * @param minor of the same major version
 * @param patch of the same minor version
 * @param preRelease identifiers such as [rc, 1]; empty for a release
 */
public record SemanticVersion(int major, int minor, int patch, List<String> preRelease)
    implements Comparable<SemanticVersion> {
  private static final Pattern IDENTIFIER =
      Pattern.compile("0|[1-9][0-9]*+|[0-9]*+[A-Za-z-][0-9A-Za-z-]*+");
  private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
  private static final Pattern VERSION =
      Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-([0-9A-Za-z.-]+))?");

  /** The longest tag of an OCI registry. */
  private static final int MAX_LENGTH = 128;

  public SemanticVersion {
    preRelease = List.copyOf(preRelease);
    String text = write(major, minor, patch, preRelease);
    if (Math.min(major, Math.min(minor, patch)) < 0
        || Math.max(major, Math.max(minor, patch)) > 999_999_999
        || text.length() > MAX_LENGTH
        || !preRelease.stream().allMatch(i -> IDENTIFIER.matcher(i).matches())) {
      throw refused(text);
    }
  }

  /**
   * Parses a version such as {@code 1.2.0} or {@code 2.0.0-rc.1}.
   *
   * @throws ProblemException USAGE, saying what is allowed
   */
  public static SemanticVersion parse(String text) {
    Matcher m = VERSION.matcher(text);
    if (text.length() > MAX_LENGTH || !m.matches()) {
      throw refused(text);
    }
    return new SemanticVersion(
        Integer.parseInt(m.group(1)),
        Integer.parseInt(m.group(2)),
        Integer.parseInt(m.group(3)),
        m.group(4) == null ? List.of() : List.of(m.group(4).split("\\.", -1)));
  }

  /** Whether a text is a version. */
  public static boolean isVersion(String text) {
    Matcher m = VERSION.matcher(text);
    return text.length() <= MAX_LENGTH
        && m.matches()
        && (m.group(4) == null
            || List.of(m.group(4).split("\\.", -1)).stream()
                .allMatch(i -> IDENTIFIER.matcher(i).matches()));
  }

  /** A version that comes before its release, such as 2.0.0-rc.1. */
  public boolean isPreRelease() {
    return !preRelease.isEmpty();
  }

  @Override
  public int compareTo(SemanticVersion other) {
    int order = Integer.compare(major, other.major);
    order = order != 0 ? order : Integer.compare(minor, other.minor);
    order = order != 0 ? order : Integer.compare(patch, other.patch);
    if (order != 0) {
      return order;
    }
    if (isPreRelease() != other.isPreRelease()) {
      return isPreRelease() ? -1 : 1;
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      order = compare(preRelease.get(i), other.preRelease.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private static int compare(String a, String b) {
    boolean numberA = isNumber(a);
    if (numberA != isNumber(b)) {
      return numberA ? -1 : 1; // numbers come before words
    }
    return numberA ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
  }

  private static boolean isNumber(String identifier) {
    return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return write(major, minor, patch, preRelease);
  }

  private static String write(int major, int minor, int patch, List<String> preRelease) {
    List<String> parts = new ArrayList<>();
    for (int number : new int[] {major, minor, patch}) {
      parts.add(Integer.toString(number));
    }
    return String.join(".", parts)
        + (preRelease.isEmpty() ? "" : "-" + String.join(".", preRelease));
  }

  private static ProblemException refused(String text) {
    return new ProblemException(
        ProblemKind.USAGE,
        "'"
            + text
            + "' is not a version; write MAJOR.MINOR.PATCH, such as 1.2.0, or a pre-release such as"
            + " 2.0.0-rc.1: numbers without leading zeros, no '+', at most "
            + MAX_LENGTH
            + " characters");
  }
}
