package org.xrv.zoo.store;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Where a file lies in a model package: a relative path with {@code /}, which names the same file
 * on every operating system and never leaves the directory that it is resolved in.
 *
 * @param text such as {@code encoder.onnx} or {@code docs/card.md}
 */
public record PackagePath(String text) implements Comparable<PackagePath> {
  // What Windows forbids in names is forbidden everywhere: a zoo travels.
  private static final Pattern SEGMENT = Pattern.compile("[^\\p{Cntrl}/\\\\:*?\"<>|]{1,200}");
  private static final Pattern DEVICE =
      Pattern.compile(
          "(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  private static final int MAX_LENGTH = 1000;

  public PackagePath {
    List<String> segments = List.of(text.split("/", -1));
    if (text.length() > MAX_LENGTH || !segments.stream().allMatch(PackagePath::isPortable)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          "'"
              + text
              + "' cannot be a file of a model package; use relative paths whose names work on every"
              + " system: no '..', no control characters, none of \\ : * ? \" < > |, no dot or blank"
              + " at the end");
    }
  }

  private static boolean isPortable(String segment) {
    return SEGMENT.matcher(segment).matches()
        && !segment.endsWith(".")
        && !segment.endsWith(" ")
        && !segment.startsWith(" ")
        && !DEVICE.matcher(segment).matches();
  }

  /** The file in a directory. */
  public Path in(Path directory) {
    return directory.resolve(text);
  }

  @Override
  public int compareTo(PackagePath other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
