package org.xrv.zoo.name;

import java.util.Objects;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * A reference to a model: {@code [xrv://][namespace/]name[:version|alias][@sha256:hex]}.
 *
 * @param name of the model
 * @param tag which version; {@link Tag.Latest} when the reference has neither tag nor digest, or a
 *     digest alone
 * @param tagged whether the tag was written
 * @param digest of the manifest; together with a written tag, both must agree
 */
public record ModelReference(ModelName name, Tag tag, boolean tagged, Optional<Digest> digest) {
  private static final String SCHEME = "xrv://";

  public ModelReference {
    Objects.requireNonNull(name);
    Objects.requireNonNull(digest);
    if (!tagged && !(tag instanceof Tag.Latest)) {
      throw new IllegalArgumentException("an unwritten tag is the latest, not " + tag);
    }
  }

  /** The reference of one version. */
  public static ModelReference of(ModelVersion model) {
    return new ModelReference(model.name(), new Tag.Exact(model.version()), true, Optional.empty());
  }

  /**
   * Parses a reference.
   *
   * @throws ProblemException USAGE, saying what is allowed
   */
  public static ModelReference parse(String text) {
    // Not java.net.URI: its host is null when ":1.2.0" follows.
    String rest = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    int at = rest.indexOf('@');
    Optional<Digest> digest =
        at < 0 ? Optional.empty() : Optional.of(Digest.parse(rest.substring(at + 1)));
    rest = at < 0 ? rest : rest.substring(0, at);
    int slash = rest.lastIndexOf('/');
    if (rest.indexOf('/') != slash || (slash > 0 && rest.lastIndexOf(':', slash) >= 0)) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "'"
              + text
              + "' names a registry, which is not possible here, or more than one namespace; write"
              + " [namespace/]name[:version][@sha256:digest]");
    }
    int colon = rest.indexOf(':');
    return new ModelReference(
        ModelName.parse(colon < 0 ? rest : rest.substring(0, colon)),
        colon < 0 ? new Tag.Latest() : Tag.parse(rest.substring(colon + 1)),
        colon >= 0,
        digest);
  }

  @Override
  public String toString() {
    return name + (tagged ? ":" + tag : "") + digest.map(d -> "@" + d).orElse("");
  }
}
