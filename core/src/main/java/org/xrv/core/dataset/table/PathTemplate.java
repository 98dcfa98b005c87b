package org.xrv.core.dataset.table;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path made of a row's cells: {key} is the whole cell, {key:2} its first two characters, {key/1}
 * a path without its first part.
 */
final class PathTemplate {
  private static final Pattern CELL = Pattern.compile("\\{(\\w+)(?:([:/])(\\d+))?}");

  private final String text;
  private final List<Part> parts = new ArrayList<>();

  /**
   * What follows in the path.
   *
   * @param plain this text
   * @param key then this column's cell; empty for none
   * @param cut ':' for its beginning, '/' for what is behind its first folders, ' ' for all of it
   */
  private record Part(String plain, String key, char cut, int count) {
    String cell(TableRow row) {
      String cell = row.text(key);
      if (cut == ':') {
        return cell.substring(0, Math.min(count, cell.length()));
      }
      int from = 0;
      for (int i = 0; i < count; i++) {
        int slash = cell.indexOf('/', from);
        from = slash < 0 ? from : slash + 1;
      }
      return cell.substring(from);
    }
  }

  PathTemplate(String text) {
    this.text = text;
    Matcher matcher = CELL.matcher(text);
    int from = 0;
    while (matcher.find()) {
      parts.add(
          new Part(
              text.substring(from, matcher.start()),
              matcher.group(1),
              matcher.group(2) == null ? ' ' : matcher.group(2).charAt(0),
              matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3))));
      from = matcher.end();
    }
    parts.add(new Part(text.substring(from), "", ' ', 0));
  }

  String text() {
    return text;
  }

  /**
   * The file's path below the root, with slashes.
   *
   * @throws org.xrv.core.error.ProblemException BAD_DATA when the cells lead out of the root
   */
  String of(TableRow row) {
    StringBuilder built = new StringBuilder(text.length() + 64);
    for (Part part : parts) {
      built.append(part.plain());
      if (!part.key().isEmpty()) {
        built.append(part.cell(row));
      }
    }
    String path = built.toString();
    if (isPlain(path)) {
      return path;
    }
    try {
      Path file = Path.of(path).normalize();
      if (!file.isAbsolute() && !file.startsWith("..")) {
        return file.toString().replace(File.separatorChar, '/');
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw row.problem("leads to the file \"" + path + "\", which is not in the data set");
  }

  /** Whether there is nothing to normalize or refuse on any system, as nearly always. */
  private static boolean isPlain(String path) {
    char before = '/';
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean plain =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      // A dot or dash inside a name only, a slash between names only.
      if (!plain && (before == '/' || (c != '-' && c != '.' && c != '/'))) {
        return false;
      }
      before = c;
    }
    return before != '/' && before != '.';
  }
}
