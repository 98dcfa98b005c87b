package org.xrv.core.dataset.manifest;

import java.util.List;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A data set as it is shipped.
 *
 * @param manifest version of this description's form, 1
 * @param name what the user types, such as "nih"; also the name space of its patients
 * @param title what it is called in print
 * @param homepage where it comes from
 * @param licence its terms in one line
 * @param citation the article to cite
 * @param roots directories, below the one that the user names, in which the set may begin
 * @param images where the image files lie
 * @param table the file with one row for each image
 * @param labels how that table writes findings
 * @param boxes rectangles around findings; {@link BoxLayout#NONE} without
 * @param expected counts of the complete set
 * @param archives what a download consists of; may be empty
 */
public record DataManifest(
    int manifest,
    String name,
    String title,
    String homepage,
    String licence,
    String citation,
    List<String> roots,
    ImageLayout images,
    TableLayout table,
    LabelRules labels,
    BoxLayout boxes,
    ExpectedCounts expected,
    List<Archive> archives) {
  public DataManifest {
    if (manifest != 1) {
      throw problem("manifest", "is " + manifest + "; this program reads version 1");
    }
    requireText("name", name);
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw problem("name", "is \"" + name + "\"; lower-case letters, digits and - are allowed");
    }
    requireText("title", title);
    requireText("homepage", homepage);
    requireText("licence", licence);
    requireText("citation", citation);
    roots = roots == null ? List.of(".") : requireSome("roots", roots);
    require("images", images);
    require("table", table);
    require("labels", labels);
    boxes = boxes == null ? BoxLayout.NONE : boxes;
    require("expected", expected);
    archives = archives == null ? List.of() : List.copyOf(archives);
  }

  /**
   * One downloadable file.
   *
   * @param md5 in lower-case hexadecimal, as the publisher gives it
   */
  public record Archive(String name, String md5) {
    public Archive {
      requireText("archives.name", name);
      if (md5 == null || !md5.matches("[0-9a-f]{32}")) {
        throw problem("archives.md5", "of " + name + " is not 32 hexadecimal digits");
      }
    }
  }

  static void requireText(String key, String value) {
    if (value == null || value.isBlank()) {
      throw problem(key, "is missing");
    }
  }

  static void require(String key, Object value) {
    if (value == null) {
      throw problem(key, "is missing");
    }
  }

  static List<String> requireSome(String key, List<String> values) {
    if (values == null || values.isEmpty() || values.contains(null)) {
      throw problem(key, "needs at least one value, and no empty one");
    }
    return List.copyOf(values);
  }

  static ProblemException problem(String key, String what) {
    return new ProblemException(ProblemKind.BAD_DATA, "key \"" + key + "\" " + what);
  }
}
