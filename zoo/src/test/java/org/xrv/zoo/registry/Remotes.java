package org.xrv.zoo.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.zoo.store.LocalZoo;

/** Clients with little patience, for tests. */
final class Remotes {
  static final TransferSettings HASTY =
      new TransferSettings(
          Duration.ofSeconds(5), 6, Duration.ofMillis(5), Duration.ofSeconds(3), 3);

  private Remotes() {}

  static RemoteAccess access(String url, TransferSettings settings, CredentialSource credentials) {
    return new RemoteAccess(
        RegistryAddress.parse(url),
        credentials,
        false,
        Optional.empty(),
        Map.of(),
        settings,
        TransferListener.none(),
        false,
        List.of());
  }

  static RemoteZoo zoo(String url, Path cache) {
    return new RemoteZoo(access(url, HASTY, CredentialSource.none()), new LocalZoo(cache));
  }
}
