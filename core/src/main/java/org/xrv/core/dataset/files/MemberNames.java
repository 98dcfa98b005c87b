package org.xrv.core.dataset.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names of archive members, as paths below the archive. */
final class MemberNames {
  private MemberNames() {}

  /**
   * A name as a path with slashes, without "./".
   *
   * @return empty when it is absolute or leads out of the archive
   */
  static Optional<String> path(String name) {
    // Archives made on Windows have backslashes.
    String slashes = name.replace('\\', '/');
    if (slashes.startsWith("/") || slashes.matches("[A-Za-z]:.*") || slashes.indexOf('\0') >= 0) {
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
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("/", parts));
  }

  /** The part behind the last slash. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
