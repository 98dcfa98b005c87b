package org.xrv.zoo.registry;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.xrv.zoo.store.LocalZoo;

/**
 * How a place is reached.
 *
 * @param credentials where those for it are looked up
 * @param plainCredentials whether passwords may go over networks in the open
 * @param authorities a file of certificates in PEM to trust beside those of the JDK
 * @param environment for proxies
 * @param offline whether nothing may be asked at all
 * @param elsewhere zoos of this machine that may have some of its blobs already
 */
public record RemoteAccess(
    RegistryAddress address,
    CredentialSource credentials,
    boolean plainCredentials,
    Optional<Path> authorities,
    Map<String, String> environment,
    TransferSettings settings,
    TransferListener listener,
    boolean offline,
    List<LocalZoo> elsewhere) {
  public RemoteAccess {
    Objects.requireNonNull(address);
    Objects.requireNonNull(credentials);
    Objects.requireNonNull(authorities);
    Objects.requireNonNull(settings);
    Objects.requireNonNull(listener);
    environment = Map.copyOf(environment);
    elsewhere = List.copyOf(elsewhere);
  }

  /** The file of certificates that $XRV_ZOO_CA names, if it does. */
  public static Optional<Path> authorities(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("XRV_ZOO_CA"))
        .filter(f -> !f.isEmpty())
        .map(Path::of);
  }

  /** A place without passwords, with everything else as usual. */
  public static RemoteAccess anonymous(RegistryAddress address) {
    return new RemoteAccess(
        address,
        CredentialSource.none(),
        false,
        Optional.empty(),
        Map.of(),
        TransferSettings.usual(),
        TransferListener.none(),
        false,
        List.of());
  }

  /** A client of its registry. */
  public RegistryClient client() {
    Proxies proxies = Proxies.of(environment);
    return new RegistryClient(
        address,
        new RegistryHttp(
            address,
            Connections.client(proxies, authorities, settings.patience()),
            proxies,
            credentials,
            plainCredentials,
            settings),
        settings);
  }

  /** The client, made when it is needed: what is on this machine needs none. */
  Supplier<RegistryClient> lazyClient() {
    return new Supplier<>() {
      private RegistryClient made;

      @Override
      public synchronized RegistryClient get() {
        if (made == null) {
          made = client();
        }
        return made;
      }
    };
  }
}
