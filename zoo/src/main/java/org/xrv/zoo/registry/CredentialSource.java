package org.xrv.zoo.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.io.UserDirectories;

/** Where credentials are looked up. */
@FunctionalInterface
public interface CredentialSource {
  /**
   * Those for a registry.
   *
   * @param authority its host, with the port where it is not that of https
   */
  Optional<Credentials> find(String authority);

  /** None at all. */
  static CredentialSource none() {
    return authority -> Optional.empty();
  }

  /** What login keeps of a user, else what docker keeps. */
  static CredentialSource of(UserDirectories user, Map<String, String> environment) {
    return first(List.of(CredentialFile.of(user), DockerCredentials.ofThisUser(environment)));
  }

  /** The first that has some. */
  static CredentialSource first(List<CredentialSource> sources) {
    return authority -> sources.stream().flatMap(s -> s.find(authority).stream()).findFirst();
  }
}
