package org.xrv.zoo.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.name.SemanticVersion;
import org.xrv.zoo.terms.DataTerms;

/**
 * What {@code xrv-model.json} says about itself. It is signed with the rest of the package, so a
 * name and version in it must be the ones that the package is asked for by.
 *
 * @param name as written, if it is
 * @param version as written, if it is
 * @param architecture the family, if it is written
 * @param terms of the data that the model was trained on
 */
public record PackageIdentity(
    Optional<String> name,
    Optional<String> version,
    Optional<String> architecture,
    DataTerms terms) {
  /** The file that holds it. */
  public static final PackagePath FILE = new PackagePath(ModelPackage.DESCRIPTION);

  /**
   * Reads {@code xrv-model.json}.
   *
   * @param where names it in a message
   * @throws ProblemException BAD_DATA
   */
  public static PackageIdentity parse(byte[] bytes, String where) {
    ObjectNode json = ZooJson.parse(bytes, where);
    return new PackageIdentity(
        text(json, "name", where),
        text(json, "version", where),
        Optional.of(json.path("architecture").path("family"))
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText),
        DataTerms.of(json));
  }

  private static Optional<String> text(ObjectNode json, String key, String where) {
    JsonNode value = json.get(key);
    if (value != null && !value.isNull() && !value.isTextual()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, where + ": '" + key + "' should be a text, not " + value);
    }
    // A package that was never published states empty texts.
    return Optional.ofNullable(value)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(t -> !t.isEmpty());
  }

  /**
   * Refuses to be another model than the given one.
   *
   * @throws ProblemException BAD_DATA
   */
  public void requireIs(ModelVersion model, String where) {
    if (!name.map(n -> isName(n, model.name())).orElse(true)
        || !version.map(v -> isVersion(v, model.version())).orElse(true)) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          where
              + " describes "
              + name.orElse(model.name().toString())
              + ":"
              + version.orElse(model.version().toString())
              + ", not "
              + model
              + "; correct the file or use the name and version that it states");
    }
  }

  private static boolean isName(String text, ModelName name) {
    return text.equals(name.toString()) || text.equals(name.namespace() + "/" + name.name());
  }

  private static boolean isVersion(String text, SemanticVersion version) {
    return text.equals(version.toString());
  }
}
