package org.xrv.zoo.registry;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server wants to know before it answers: one challenge of a WWW-Authenticate header (RFC
 * 9110, 11.6.1).
 *
 * @param scheme in lower case, such as basic or bearer
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int LONGEST = 8192;
  private static final Pattern PART =
      Pattern.compile(
          "\\s*+(?:([A-Za-z0-9_-]++)\\s*+=\\s*+(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]*+))"
              + "|([A-Za-z0-9_-]++)(?=\\s|,|$))\\s*+,?+");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** All challenges of an answer, in their order; what cannot be read is left out. */
  static List<Challenge> of(HttpHeaders headers) {
    List<Challenge> found = new ArrayList<>();
    for (String header : headers.allValues("WWW-Authenticate")) {
      if (header.length() <= LONGEST) {
        parse(header, found);
      }
    }
    return found;
  }

  private static void parse(String header, List<Challenge> into) {
    Matcher part = PART.matcher(header);
    String scheme = "";
    Map<String, String> parameters = new TreeMap<>();
    int at = 0;
    while (at < header.length() && part.find(at) && part.start() == at && part.end() > at) {
      if (part.group(4) != null) {
        add(scheme, parameters, into);
        scheme = part.group(4).toLowerCase(Locale.ROOT);
        parameters.clear();
      } else {
        String value =
            part.group(2) != null ? part.group(2).replaceAll("\\\\(.)", "$1") : part.group(3);
        parameters.put(part.group(1).toLowerCase(Locale.ROOT), value);
      }
      at = part.end();
    }
    add(scheme, parameters, into);
  }

  private static void add(String scheme, Map<String, String> parameters, List<Challenge> into) {
    if (!scheme.isEmpty()) {
      into.add(new Challenge(scheme, parameters));
    }
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(v -> !v.isEmpty());
  }
}
