package org.xrv.core.dataset.manifest;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Whose images they are.
 *
 * @param space before the patient's number, "nih" in "nih:123": sets of the same space share
 *     patients; the set's name when left out
 * @param pattern finds the patient in the column's cell: a regular expression with one group; empty
 *     for the whole cell
 * @param mapping leads from images to patients of another set, or null
 * @param shares a set that has images of the same people, where nobody knows which; empty without
 */
public record PatientRules(String space, String pattern, Mapping mapping, String shares) {
  /** The set's own patients, by the whole cell. */
  public static final PatientRules OWN = new PatientRules("", "", null, "");

  public PatientRules {
    space = space == null ? "" : space;
    pattern = pattern == null ? "" : pattern;
    shares = shares == null ? "" : shares;
    requireOneGroup("patients.pattern", pattern);
  }

  /**
   * A JSON file of objects, at any depth, that lead from an image here to one of another set.
   *
   * @param files accepted names; none need exist
   * @param id the key of the image's name here
   * @param image the key of the image's name there
   * @param pattern finds the patient in that name: a regular expression with one group
   * @param space of the patients
   * @param absent what the user is told when the file is not there
   */
  public record Mapping(
      List<String> files, String id, String image, String pattern, String space, String absent) {
    public Mapping {
      files = DataManifest.requireSome("patients.mapping.files", files);
      DataManifest.requireText("patients.mapping.id", id);
      DataManifest.requireText("patients.mapping.image", image);
      DataManifest.requireText("patients.mapping.pattern", pattern);
      requireOneGroup("patients.mapping.pattern", pattern);
      DataManifest.requireText("patients.mapping.space", space);
      DataManifest.requireText("patients.mapping.absent", absent);
    }
  }

  private static void requireOneGroup(String key, String pattern) {
    if (pattern.isEmpty()) {
      return;
    }
    try {
      if (Pattern.compile(pattern).matcher("").groupCount() != 1) {
        throw DataManifest.problem(key, "needs exactly one group in round brackets");
      }
    } catch (PatternSyntaxException e) {
      throw DataManifest.problem(key, "is no regular expression: " + e.getDescription());
    }
  }
}
