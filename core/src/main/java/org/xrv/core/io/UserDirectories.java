package org.xrv.core.io;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where a user's files live, by the XDG Base Directory Specification.
 *
 * @param data models and other things to keep
 * @param cache things that can be made again
 * @param config what the user decided: whom to trust, how to log in
 */
public record UserDirectories(Path data, Path cache, Path config) {
  /** From an environment, such as {@code System.getenv()}, and the home directory. */
  public static UserDirectories of(Map<String, String> environment, Path home) {
    return new UserDirectories(
        place(environment, "XDG_DATA_HOME", home.resolve(".local/share")),
        place(environment, "XDG_CACHE_HOME", home.resolve(".cache")),
        place(environment, "XDG_CONFIG_HOME", home.resolve(".config")));
  }

  public static UserDirectories ofThisUser() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /** The zoo that is used when none is named: $XRV_ZOO, else under the data directory. */
  public Path zoo(Map<String, String> environment) {
    String named = environment.getOrDefault("XRV_ZOO", "");
    return named.isEmpty() ? data.resolve("zoo") : Path.of(named);
  }

  private static Path place(Map<String, String> environment, String variable, Path otherwise) {
    String value = environment.getOrDefault(variable, "");
    // The specification: a relative path is invalid and to be ignored.
    return (value.isEmpty() || !Path.of(value).isAbsolute() ? otherwise : Path.of(value))
        .resolve("xrv");
  }
}
