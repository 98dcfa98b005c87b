package org.xrv.core.dataset.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of archive members, as paths below the archive. */
final class MemberNames {
  /** Longer paths, no system takes. */
  private static final int LONGEST = 4096;

  /** Folders in folders, for which every reader needs its stack. */
  private static final int DEEPEST = 64;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private MemberNames() {}

  /**
   * A name as a path with slashes, without "./".
   *
   * @return empty when it is absolute, leads out of the archive, or is no name of a file
   */
  static Optional<String> path(String name) {
    // Archives made on Windows have backslashes.
    String slashes = name.replace('\\', '/');
    if (slashes.startsWith("/")
        || slashes.matches("[A-Za-z]:.*")
        || slashes.length() > LONGEST
        || CONTROL.matcher(slashes).find()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    for (String part : slashes.split("/", -1)) {
      if (part.equals("..")) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.isEmpty() || parts.size() > DEEPEST
        ? Optional.empty()
        : Optional.of(String.join("/", parts));
  }

  /** The part behind the last slash. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
