package org.xrv.zoo.registry;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelName;

/**
 * Where a registry is.
 *
 * @param secure whether it speaks TLS
 * @param host in lower case, IPv6 addresses in brackets
 * @param port 1 to 65535
 * @param prefix path components before the models' names, with '/' between them; may be empty
 */
public record RegistryAddress(boolean secure, String host, int port, String prefix) {
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+]");

  public RegistryAddress {
    Objects.requireNonNull(prefix);
    if (!HOST.matcher(host).matches() || port < 1 || port > 65535) {
      throw refused(host + ":" + port);
    }
    if (!prefix.isEmpty()
        && !List.of(prefix.split("/", -1)).stream().allMatch(ModelName::isComponent)) {
      throw refused(host + "/" + prefix);
    }
  }

  /**
   * Parses the host of a reference. Plain http is meant for this machine only; write a URL for
   * others.
   *
   * @throws ProblemException USAGE
   */
  public static RegistryAddress ofHost(String text) {
    RegistryAddress address = parse("https://" + text, text);
    return address.isLoopback() ? parse("http://" + text, text) : address;
  }

  /**
   * Parses {@code http://}, {@code https://} or {@code oci://host[:port][/prefix]}; oci means what
   * a host alone does.
   *
   * @throws ProblemException USAGE
   */
  public static RegistryAddress parse(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("oci://")) {
      return ofHost(url.substring("oci://".length()));
    }
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      throw refused(url);
    }
    return parse(url, url);
  }

  private static RegistryAddress parse(String url, String shown) {
    try {
      URI uri = new URI(url);
      if (uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        throw refused(shown);
      }
      boolean secure = uri.getScheme().equalsIgnoreCase("https");
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      path = path.startsWith("/") ? path.substring(1) : path;
      path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
      return new RegistryAddress(
          secure,
          uri.getHost().toLowerCase(Locale.ROOT),
          uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort(),
          path);
    } catch (java.net.URISyntaxException e) {
      throw refused(shown);
    }
  }

  /** Whether it is this machine, by its address or by the name that always means it. */
  public boolean isLoopback() {
    return isLoopback(host);
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  /** The name that credentials are kept under: the host, with the port where it is not 443. */
  public String authority() {
    return port == (secure ? 443 : 80) && secure ? host : host + ":" + port;
  }

  /** A place of the API, such as {@code /v2/}. */
  public URI uri(String path) {
    return URI.create((secure ? "https://" : "http://") + host + ":" + port + path);
  }

  /** The repository of a model; the default namespace is written where nothing stands before it. */
  public String repository(ModelName name) {
    if (prefix.isEmpty()) {
      return name.namespace() + "/" + name.name();
    }
    return prefix + "/" + name;
  }

  /** The model of a repository, if it may hold one. */
  public Optional<ModelName> model(String repository) {
    String start = prefix.isEmpty() ? "" : prefix + "/";
    if (!repository.startsWith(start)) {
      return Optional.empty();
    }
    List<String> parts = List.of(repository.substring(start.length()).split("/", -1));
    boolean named =
        parts.size() <= 2
            && parts.stream().allMatch(ModelName::isComponent)
            && (prefix.isEmpty() ? parts.size() == 2 : true);
    if (!named) {
      return Optional.empty();
    }
    ModelName name =
        parts.size() == 2
            ? new ModelName(parts.get(0), parts.get(1))
            : new ModelName(ModelName.DEFAULT_NAMESPACE, parts.get(0));
    return Optional.of(name).filter(n -> repository(n).equals(repository));
  }

  /**
   * What the directory is called in which copies of its models are kept: one place, one name, on
   * all file systems. Neither '+' nor '@' is in hosts or repositories.
   */
  public String directory() {
    return authority().replace(':', '+') + (prefix.isEmpty() ? "" : "@" + prefix.replace('/', '@'));
  }

  private static ProblemException refused(String text) {
    return new ProblemException(
        ProblemKind.USAGE,
        "'"
            + text
            + "' is no place of a zoo; write a directory, http://, https:// or oci://HOST[:PORT][/PREFIX],"
            + " without user name or password (xrv-zoo login HOST keeps these)");
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://")
        + (port == (secure ? 443 : 80) ? host : host + ":" + port)
        + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}
