package org.xrv.core.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** What an option says as a list with commas, or in a file with one item a line. */
public final class ListOrFile {
  private static final long MOST_BYTES = 1 << 20;

  private ListOrFile() {}

  /** The items, blanks around them left out; empty ones stay. */
  public static List<String> of(String option, String value) {
    if (value == null) {
      return List.of();
    }
    List<String> items = new ArrayList<>();
    for (String item : isFile(value) ? lines(option, Path.of(value)) : value.split(",", -1)) {
      items.add(item.strip());
    }
    return items;
  }

  private static boolean isFile(String value) {
    try {
      return Files.isRegularFile(Path.of(value));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String[] lines(String option, Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, option + ": " + file + " is too large to be a list of targets");
      }
      return Files.readAllLines(file, StandardCharsets.UTF_8).toArray(String[]::new);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, option + ": " + file + " cannot be read as text", e);
    }
  }
}
