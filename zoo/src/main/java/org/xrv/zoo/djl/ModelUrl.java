package org.xrv.zoo.djl;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.PlacedReference;

/**
 * What a URL asks for: {@code
 * xrv://[host/][namespace/]name[:version][@sha256:hex][?network=N&zoo=DIR]}.
 *
 * @param network the network's file without its ending, such as {@code decoder}
 * @param zoo the zoo's directory or URL, if it is not the user's own
 */
record ModelUrl(PlacedReference reference, Optional<String> network, Optional<String> zoo) {
  static final String SCHEME = "xrv";

  /**
   * Parses a URL.
   *
   * @throws ProblemException USAGE, saying what is allowed
   */
  static ModelUrl parse(URI uri) {
    // Not getHost(), which is null when ":1.2.0" follows, nor getPath().
    String text = uri.toString();
    int question = text.indexOf('?');
    PlacedReference reference =
        PlacedReference.parse(question < 0 ? text : text.substring(0, question));
    Optional<String> network = Optional.empty();
    Optional<String> zoo = Optional.empty();
    String query = question < 0 ? "" : text.substring(question + 1);
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      String value =
          equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
      if (key.equals("network") && value.matches("[A-Za-z0-9_-]+")) {
        network = Optional.of(value);
      } else if (key.equals("zoo") && !value.isBlank()) {
        zoo = Optional.of(value);
      } else if (!part.isEmpty()) {
        throw new ProblemException(
            ProblemKind.USAGE,
            "'"
                + part
                + "' in '"
                + uri
                + "' is not known; after '?' there may be network=encoder, or another file of the"
                + " model without its ending, and zoo=DIR");
      }
    }
    return new ModelUrl(reference, network, zoo);
  }
}
