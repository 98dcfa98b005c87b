package org.xrv.zoo.user;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.name.PlacedReference;
import org.xrv.zoo.registry.CredentialSource;
import org.xrv.zoo.registry.RegistryAddress;
import org.xrv.zoo.registry.RemoteAccess;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.registry.TransferListener;
import org.xrv.zoo.registry.TransferSettings;
import org.xrv.zoo.registry.UserPlaces;
import org.xrv.zoo.store.Admission;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Snapshot;
import org.xrv.zoo.terms.AcceptedTerms;
import org.xrv.zoo.trust.Trust;
import org.xrv.zoo.trust.TrustStore;

/**
 * The zoo of whoever runs a program: on this machine or another, with this user's passwords,
 * trusted keys and accepted terms. What is not signed by somebody trusted is taken from other
 * machines by {@code xrv-zoo pull --allow-unsigned} only, and is here afterwards.
 */
public final class UserZoo {
  private final UserPlaces places;
  private final UserDirectories user;
  private final Map<String, String> environment;

  UserZoo(UserPlaces places, UserDirectories user, Map<String, String> environment) {
    this.places = Objects.requireNonNull(places);
    this.user = Objects.requireNonNull(user);
    this.environment = Map.copyOf(environment);
  }

  /**
   * The zoo that is named, else the one of this user.
   *
   * @param zoo a directory, or a URL of a zoo on another machine
   */
  public static UserZoo of(Optional<String> zoo) {
    return of(zoo, UserDirectories.ofThisUser(), System.getenv());
  }

  /** A zoo on this machine. */
  public static UserZoo of(LocalZoo zoo) {
    return of(Optional.of(zoo.root().toString()));
  }

  static UserZoo of(Optional<String> zoo, UserDirectories user, Map<String, String> environment) {
    return new UserZoo(UserPlaces.of(zoo, Optional.empty(), user, environment), user, environment);
  }

  /**
   * The directory with a model's files, fetched if need be, every byte verified.
   *
   * @param reference such as ae-resnet101:1.2 or zoo.example.org/mylab/ae
   * @param warnings is told what publishers say of the version (deprecated, yanked), and what goes
   *     wrong on the way and is tried again
   * @throws org.xrv.core.error.ProblemException NOT_FOUND, YANKED, DIGEST_MISMATCH, TERMS, TRUST,
   *     NETWORK, AUTHENTICATION, DISK, USAGE
   */
  public Snapshot pull(String reference, Consumer<String> warnings) {
    PlacedReference wanted = PlacedReference.parse(reference);
    AcceptedTerms terms = AcceptedTerms.of(user);
    Admission rules = new Trust(TrustStore.of(user)).signed().and(Admission.accepted(terms));
    Optional<RegistryAddress> address = places.address(wanted.place());
    LocalZoo here;
    Snapshot snapshot;
    if (address.isPresent()) {
      RemoteZoo remote =
          new RemoteZoo(access(address.get(), warnings), places.cacheOf(address.get()))
              .with(rules, terms);
      here = remote.cache();
      snapshot = remote.pull(wanted.model());
    } else {
      here = new LocalZoo(Path.of(places.zoo())).with(rules, terms);
      snapshot = here.pull(wanted.model());
    }
    here.state(snapshot.model()).warnings(snapshot.model()).forEach(warnings);
    return snapshot;
  }

  private RemoteAccess access(RegistryAddress address, Consumer<String> warnings) {
    return new RemoteAccess(
        address,
        CredentialSource.of(user, environment),
        false,
        RemoteAccess.authorities(environment),
        environment,
        TransferSettings.usual(),
        new TransferListener() {
          @Override
          public void remark(String text) {
            warnings.accept(text);
          }
        },
        false,
        places.elsewhere(address));
  }
}
