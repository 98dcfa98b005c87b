package org.xrv.zoo.name;

import java.util.Objects;
import java.util.Optional;

/**
 * A reference that may say where the model is kept: {@code
 * [xrv://][host[:port]/][namespace/]name[:version|alias][@sha256:hex]}.
 *
 * @param place a host with its port, if one is written
 * @param model what is meant there
 */
public record PlacedReference(Optional<String> place, ModelReference model) {
  private static final String SCHEME = "xrv://";

  public PlacedReference {
    Objects.requireNonNull(place);
    Objects.requireNonNull(model);
  }

  /**
   * Parses a reference. What stands before the first '/' is a host when it has a '.' or a ':', or
   * is localhost, as docker has it; a namespace otherwise.
   *
   * @throws org.xrv.core.error.ProblemException USAGE, saying what is allowed
   */
  public static PlacedReference parse(String text) {
    String rest = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    int slash = rest.indexOf('/');
    int at = rest.indexOf('@');
    String first = slash > 0 && (at < 0 || slash < at) ? rest.substring(0, slash) : "";
    if (!isHost(first)) {
      return new PlacedReference(Optional.empty(), ModelReference.parse(rest));
    }
    return new PlacedReference(Optional.of(first), ModelReference.parse(rest.substring(slash + 1)));
  }

  private static boolean isHost(String text) {
    return text.contains(".") || text.contains(":") || text.equals("localhost");
  }

  @Override
  public String toString() {
    return place.map(p -> p + "/").orElse("") + model;
  }
}
