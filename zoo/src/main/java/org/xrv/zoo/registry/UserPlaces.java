package org.xrv.zoo.registry;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.store.LocalZoo;

/**
 * Where models come from and where they are kept, by what the user said: a zoo, a cache.
 *
 * @param zoo a directory, or a URL of a zoo on another machine
 * @param cache the zoo of this machine under which copies of others are kept
 */
public record UserPlaces(String zoo, Path cache) {
  public UserPlaces {
    Objects.requireNonNull(zoo);
    Objects.requireNonNull(cache);
  }

  /**
   * Looks at options first, then at $XRV_ZOO and $XRV_ZOO_CACHE.
   *
   * @throws ProblemException USAGE when a zoo is no place
   */
  public static UserPlaces of(
      Optional<String> zoo,
      Optional<Path> cache,
      UserDirectories directories,
      Map<String, String> environment) {
    Path home = directories.data().resolve("zoo");
    String named =
        zoo.orElseGet(
            () -> {
              String variable = environment.getOrDefault("XRV_ZOO", "");
              return variable.isEmpty() ? home.toString() : variable;
            });
    String kept = environment.getOrDefault("XRV_ZOO_CACHE", "");
    return new UserPlaces(
        named,
        cache.orElseGet(
            () -> !kept.isEmpty() ? Path.of(kept) : isRemote(named) ? home : Path.of(named)));
  }

  private static boolean isRemote(String zoo) {
    return zoo.contains("://");
  }

  /** Whether the zoo is on another machine. */
  public boolean isRemote() {
    return isRemote(zoo);
  }

  /**
   * Where a reference leads: to the place that it names, else to the zoo.
   *
   * @return empty when that is on this machine
   * @throws ProblemException USAGE when both are named, and differ
   */
  public Optional<RegistryAddress> address(Optional<String> place) {
    Optional<RegistryAddress> named =
        isRemote() ? Optional.of(RegistryAddress.parse(zoo)) : Optional.empty();
    if (place.isEmpty()) {
      return named;
    }
    RegistryAddress own = RegistryAddress.ofHost(place.get());
    if (named.isPresent() && !named.get().equals(own)) {
      if (named.get().host().equals(own.host()) && named.get().port() == own.port()) {
        return named; // the URL says how to speak to this host
      }
      throw new ProblemException(
          ProblemKind.USAGE,
          "the reference names " + own + " and the zoo is " + zoo + "; which one is it?");
    }
    return Optional.of(own);
  }

  /** The zoo that keeps what comes from a place. */
  public LocalZoo cacheOf(RegistryAddress address) {
    return new LocalZoo(cache).remote(address.directory());
  }

  /** The other zoos of this machine, which may have some of the same files. */
  public List<LocalZoo> elsewhere(RegistryAddress address) {
    List<LocalZoo> zoos = new ArrayList<>(List.of(new LocalZoo(cache)));
    Path own = cacheOf(address).root();
    if (Files.isDirectory(own.getParent())) {
      try (DirectoryStream<Path> others = Files.newDirectoryStream(own.getParent())) {
        others.forEach(o -> zoos.add(new LocalZoo(o)));
      } catch (IOException | DirectoryIteratorException e) {
        return zoos; // then they are fetched
      }
    }
    zoos.removeIf(z -> z.root().equals(own));
    return zoos;
  }
}
