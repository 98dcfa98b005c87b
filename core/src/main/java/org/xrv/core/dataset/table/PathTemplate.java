package org.xrv.core.dataset.table;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path made of a row's cells: {key} is the whole cell, {key:2} its first two characters, {key/1}
 * a path without its first part.
 */
record PathTemplate(String text) {
  private static final Pattern CELL = Pattern.compile("\\{(\\w+)(?:([:/])(\\d+))?}");

  /**
   * The file's path below the root, with slashes.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA when the cells lead out of the root
   */
  String of(TableRow row) {
    Matcher matcher = CELL.matcher(text);
    StringBuilder path = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(path, Matcher.quoteReplacement(cell(matcher, row)));
    }
    matcher.appendTail(path);
    try {
      Path file = Path.of(path.toString()).normalize();
      if (!file.isAbsolute() && !file.startsWith("..")) {
        return file.toString().replace(File.separatorChar, '/');
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw row.problem("leads to the file \"" + path + "\", which is not in the data set");
  }

  private static String cell(Matcher matcher, TableRow row) {
    String cell = row.text(matcher.group(1));
    if (matcher.group(2) == null) {
      return cell;
    }
    int count = Integer.parseInt(matcher.group(3));
    if (matcher.group(2).equals(":")) {
      return cell.substring(0, Math.min(count, cell.length()));
    }
    String rest = cell;
    for (int i = 0; i < count; i++) {
      rest = rest.substring(rest.indexOf('/') + 1);
    }
    return rest;
  }
}
