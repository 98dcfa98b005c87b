package org.xrv.zoo.registry;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Which proxy leads to a place: the environment variables that curl knows ({@code https_proxy},
 * {@code HTTPS_PROXY}, {@code http_proxy}, {@code all_proxy}, {@code no_proxy}), else Java's
 * properties.
 */
final class Proxies {
  private static final String TUNNEL = "jdk.http.auth.tunneling.disabledSchemes";

  /**
   * A proxy.
   *
   * @param credentials what it wants to know, if it is written in its URL
   */
  record Proxy(String host, int port, Optional<Credentials> credentials) {}

  private final Optional<Proxy> secure;
  private final Optional<Proxy> plain;
  private final List<String> without;
  private final ProxySelector otherwise;

  private Proxies(
      Optional<Proxy> secure,
      Optional<Proxy> plain,
      List<String> without,
      ProxySelector otherwise) {
    this.secure = secure;
    this.plain = plain;
    this.without = List.copyOf(without);
    this.otherwise = otherwise;
  }

  /**
   * From an environment, such as {@code System.getenv()}.
   *
   * @throws ProblemException USAGE when a variable is no URL of a proxy
   */
  static Proxies of(Map<String, String> environment) {
    Optional<Proxy> all = proxy(environment, "all_proxy", "ALL_PROXY");
    Proxies proxies =
        new Proxies(
            proxy(environment, "https_proxy", "HTTPS_PROXY").or(() -> all),
            proxy(environment, "http_proxy", "HTTP_PROXY").or(() -> all),
            without(environment),
            ProxySelector.getDefault());
    if (proxies.secure.flatMap(Proxy::credentials).isPresent()
        && System.getProperty(TUNNEL) == null) {
      // The JDK sends no password to a proxy of https otherwise; it is the user's own wish.
      System.setProperty(TUNNEL, "");
    }
    return proxies;
  }

  private static Optional<Proxy> proxy(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(parse(name, value));
      }
    }
    return Optional.empty();
  }

  private static Proxy parse(String name, String value) {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
        String user = uri.getUserInfo();
        int colon = user == null ? -1 : user.indexOf(':');
        return new Proxy(
            uri.getHost(),
            uri.getPort() < 0 ? 80 : uri.getPort(),
            colon < 0
                ? Optional.empty()
                : Optional.of(
                    new Credentials(user.substring(0, colon), user.substring(colon + 1))));
      }
    } catch (java.net.URISyntaxException e) {
      // said below, without the value: it may hold a password
    }
    throw new ProblemException(
        ProblemKind.USAGE,
        "the environment variable " + name + " should be http://[USER:PASSWORD@]HOST:PORT");
  }

  private static List<String> without(Map<String, String> environment) {
    String text = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    List<String> hosts = new ArrayList<>();
    for (String host : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      String plain = host.strip();
      plain = plain.startsWith("*.") ? plain.substring(1) : plain;
      if (!plain.isEmpty()) {
        hosts.add(plain.startsWith(".") ? plain.substring(1) : plain);
      }
    }
    return hosts;
  }

  /** The proxy to a place; this machine is never behind one. */
  Optional<Proxy> of(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (RegistryAddress.isLoopback(host) || isExcluded(host, uri.getPort())) {
      return Optional.empty();
    }
    Optional<Proxy> named = uri.getScheme().equals("https") ? secure : plain;
    return named.or(() -> ofJava(uri));
  }

  private boolean isExcluded(String host, int port) {
    return without.stream()
        .anyMatch(
            w ->
                w.equals("*")
                    || host.equals(w)
                    || host.endsWith("." + w)
                    || (host + ":" + port).equals(w));
  }

  private Optional<Proxy> ofJava(URI uri) {
    return otherwise == null
        ? Optional.empty()
        : otherwise.select(uri).stream()
            .filter(p -> p.type() == java.net.Proxy.Type.HTTP)
            .map(java.net.Proxy::address)
            .filter(InetSocketAddress.class::isInstance)
            .map(InetSocketAddress.class::cast)
            .map(a -> new Proxy(a.getHostString(), a.getPort(), Optional.empty()))
            .findFirst();
  }

  /** What to send to the proxy of a place, to be let through. */
  Optional<String> authorization(URI uri) {
    return of(uri).flatMap(Proxy::credentials).map(Credentials::basic);
  }
}
