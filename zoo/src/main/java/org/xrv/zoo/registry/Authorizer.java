package org.xrv.zoo.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.store.ZooJson;

/**
 * What is sent to one registry so that it knows who asks: nothing until it asks back, then a name
 * and password (RFC 7617), or a token of the server that it names (the token authentication of the
 * distribution project). For use by several threads.
 */
final class Authorizer {
  private static final int MAX_ANSWER = 1 << 20;

  private final RegistryAddress address;
  private final CredentialSource source;
  private final boolean plainCredentials;
  private final Fetch fetch;
  private final Map<String, String> headers = new HashMap<>();
  private Optional<Optional<Credentials>> credentials = Optional.empty();

  /** Sends a request to a token server. */
  @FunctionalInterface
  interface Fetch {
    RegistryHttp.Small send(HttpRequest.Builder request) throws IOException;
  }

  /**
   * Prepares.
   *
   * @param plainCredentials whether passwords may go over networks in the open
   */
  Authorizer(
      RegistryAddress address, CredentialSource source, boolean plainCredentials, Fetch fetch) {
    this.address = address;
    this.source = source;
    this.plainCredentials = plainCredentials;
    this.fetch = fetch;
  }

  /** The Authorization header for a scope, if one is needed as far as is known. */
  synchronized Optional<String> header(String scope) {
    return Optional.ofNullable(headers.get(scope));
  }

  /**
   * Finds what answers a challenge.
   *
   * @param used the header that was sent, which was not enough
   * @return whether there is another header to try
   * @throws ProblemException AUTHENTICATION when the token server refuses
   */
  synchronized boolean answer(List<Challenge> challenges, String scope, Optional<String> used)
      throws IOException {
    Optional<String> now = header(scope);
    if (now.isPresent() && !now.equals(used)) {
      return true; // another thread was faster
    }
    Optional<String> found = Optional.empty();
    for (Challenge challenge : challenges) {
      if (found.isEmpty()) {
        found = answer(challenge, scope);
      }
    }
    found.ifPresentOrElse(h -> headers.put(scope, h), () -> headers.remove(scope));
    return found.isPresent() && !found.equals(used);
  }

  private Optional<String> answer(Challenge challenge, String scope) throws IOException {
    return switch (challenge.scheme()) {
      case "basic" -> credentials().map(Credentials::basic);
      case "bearer" ->
          challenge.parameter("realm").filter(r -> r.contains("://")).isPresent()
              ? Optional.of("Bearer " + token(challenge, scope))
              : credentials().map(c -> "Bearer " + c.secret());
      default -> Optional.empty();
    };
  }

  private Optional<Credentials> credentials() {
    if (credentials.isEmpty()) {
      credentials = Optional.of(source.find(address.authority()));
    }
    Optional<Credentials> found = credentials.get();
    if (found.isPresent() && !address.secure() && !address.isLoopback() && !plainCredentials) {
      throw new ProblemException(
          ProblemKind.AUTHENTICATION,
          address
              + " asks for a password, which everybody on the way could read: it speaks plain http;"
              + " use https, or say --plain-password if this network is safe");
    }
    return found;
  }

  private String token(Challenge challenge, String scope) throws IOException {
    URI realm = realm(challenge.parameter("realm").orElseThrow());
    String wanted = scope.isEmpty() ? challenge.parameter("scope").orElse("") : scope;
    Map<String, String> query = new java.util.LinkedHashMap<>();
    challenge.parameter("service").ifPresent(s -> query.put("service", s));
    if (!wanted.isEmpty()) {
      query.put("scope", wanted);
    }
    Optional<Credentials> known = credentials();
    HttpRequest.Builder request;
    if (known.map(Credentials::isIdentityToken).orElse(false)) {
      query.put("grant_type", "refresh_token");
      query.put("client_id", "xrv-zoo");
      query.put("refresh_token", known.get().secret());
      request =
          HttpRequest.newBuilder(realm)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form(query)));
    } else {
      String text = realm + (realm.getRawQuery() == null ? "?" : "&") + form(query);
      request = HttpRequest.newBuilder(URI.create(text)).GET();
      if (known.isPresent()) {
        request.header("Authorization", known.get().basic());
      }
    }
    RegistryHttp.Small answer = fetch.send(request);
    if (answer.status() != 200) {
      throw Failures.refused(
          address,
          "its token server "
              + realm.getHost()
              + (known.isPresent() ? " refuses name or password" : ""),
          answer.status(),
          answer.body());
    }
    if (answer.body().length > MAX_ANSWER) {
      throw new TooLargeException(MAX_ANSWER);
    }
    ObjectNode json = ZooJson.parse(answer.body(), "the token of " + realm.getHost());
    String token = json.path("token").asText(json.path("access_token").asText());
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new ProblemException(
          ProblemKind.AUTHENTICATION, realm.getHost() + " gives no token for " + address);
    }
    return token;
  }

  /** The token server gets the password too, so the same holds for it. */
  private URI realm(String text) {
    try {
      URI realm = new URI(text);
      boolean plain = "http".equals(realm.getScheme());
      if (realm.getHost() != null
          && ("https".equals(realm.getScheme())
              || (plain && !address.secure())
              || (plain && RegistryAddress.isLoopback(realm.getHost())))) {
        if (plain
            && !RegistryAddress.isLoopback(realm.getHost())
            && !plainCredentials
            && credentials().isPresent()) {
          throw new ProblemException(
              ProblemKind.AUTHENTICATION,
              address
                  + " names "
                  + text
                  + " for passwords, which is plain http; say"
                  + " --plain-password if this network is safe");
        }
        return realm;
      }
    } catch (java.net.URISyntaxException e) {
      // said below
    }
    throw new ProblemException(
        ProblemKind.AUTHENTICATION,
        address + " names '" + text + "' as its token server, which is no https URL");
  }

  private static String form(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (k, v) ->
            text.append(text.isEmpty() ? "" : "&")
                .append(k)
                .append('=')
                .append(URLEncoder.encode(v, StandardCharsets.UTF_8)));
    return text.toString();
  }
}
