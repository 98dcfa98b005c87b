package org.xrv.zoo.name;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** What stands after the colon of a reference: which version is meant. */
public sealed interface Tag {
  /** The alias that is computed: the highest version, neither a pre-release nor yanked. */
  String LATEST = "latest";

  /** One version. */
  record Exact(SemanticVersion version) implements Tag {
    public Exact {
      Objects.requireNonNull(version);
    }

    @Override
    public String toString() {
      return version.toString();
    }
  }

  /** The highest release of a series: {@code 1}, or {@code 1.2} with a minor version. */
  record Series(int major, OptionalInt minor) implements Tag {
    static final Pattern PATTERN =
        Pattern.compile("(0|[1-9][0-9]{0,8})(?:\\.(0|[1-9][0-9]{0,8}))?");

    public Series {
      if (major < 0 || minor.orElse(0) < 0) {
        throw new ProblemException(ProblemKind.USAGE, "a version has no negative numbers");
      }
    }

    /** Whether a version belongs to the series. */
    public boolean contains(SemanticVersion version) {
      return version.major() == major && (minor.isEmpty() || version.minor() == minor.getAsInt());
    }

    @Override
    public String toString() {
      return major + (minor.isPresent() ? "." + minor.getAsInt() : "");
    }
  }

  /** The highest release. */
  record Latest() implements Tag {
    @Override
    public String toString() {
      return LATEST;
    }
  }

  /** A name that the zoo's owner moves from version to version. */
  record Alias(String alias) implements Tag {
    private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    public Alias {
      if (!isAlias(alias)) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "'"
                + alias
                + "' is no version and no alias; write a version such as 1.2.0, a series such as 1"
                + " or 1.2, latest, or an alias of at most 63 lower-case letters, digits and '-'");
      }
    }

    /** Whether a text may be an alias; latest is computed and may not. */
    public static boolean isAlias(String text) {
      return ALIAS.matcher(text).matches() && !text.equals(LATEST);
    }

    @Override
    public String toString() {
      return alias;
    }
  }

  /**
   * Parses a version, series or alias.
   *
   * @throws ProblemException USAGE, saying what is allowed
   */
  static Tag parse(String text) {
    Matcher series = Series.PATTERN.matcher(text);
    if (series.matches()) {
      return new Series(
          Integer.parseInt(series.group(1)),
          series.group(2) == null
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(series.group(2))));
    }
    if (!text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9') {
      return new Exact(SemanticVersion.parse(text));
    }
    return text.equals(LATEST) ? new Latest() : new Alias(text);
  }
}
