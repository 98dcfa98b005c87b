package org.xrv.zoo.server;

import java.util.List;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.Tag;

/** Names in URLs. */
final class Names {
  private Names() {}

  /**
   * The model of a repository's name; {@code library/ae} and {@code ae} are the same.
   *
   * @throws Refusal 400
   */
  static ModelName model(List<String> parts) {
    try {
      if (parts.size() == 1) {
        return new ModelName(ModelName.DEFAULT_NAMESPACE, parts.get(0));
      }
      if (parts.size() == 2) {
        return new ModelName(parts.get(0), parts.get(1));
      }
    } catch (ProblemException e) {
      throw new Refusal(400, OciCode.NAME_INVALID, e.getMessage());
    }
    throw new Refusal(
        400, OciCode.NAME_INVALID, "the models of a zoo are called NAME or NAMESPACE/NAME");
  }

  /** As {@link #model}, of a text with a slash. */
  static ModelName model(String text) {
    return model(List.of(text.split("/", -1)));
  }

  /**
   * A digest.
   *
   * @throws Refusal 400
   */
  static Digest digest(String text) {
    try {
      return Digest.parse(text);
    } catch (ProblemException e) {
      throw new Refusal(400, OciCode.DIGEST_INVALID, e.getMessage());
    }
  }

  /** Whether a reference is meant as a digest. */
  static boolean isDigest(String reference) {
    return reference.indexOf(':') >= 0;
  }

  /**
   * What a tag or digest behind {@code /manifests/} means.
   *
   * @throws Refusal 400, or 404 for a tag that nothing can have
   */
  static ModelReference reference(ModelName name, String reference) {
    return isDigest(reference)
        ? new ModelReference(name, new Tag.Latest(), false, Optional.of(digest(reference)))
        : new ModelReference(
            name,
            tag(reference)
                .orElseThrow(
                    () ->
                        new Refusal(
                            404,
                            OciCode.MANIFEST_UNKNOWN,
                            "there is no such version of " + name + " here")),
            true,
            Optional.empty());
  }

  /** A version, series or alias. */
  static Optional<Tag> tag(String text) {
    try {
      return Optional.of(Tag.parse(text));
    } catch (ProblemException e) {
      return Optional.empty();
    }
  }
}
