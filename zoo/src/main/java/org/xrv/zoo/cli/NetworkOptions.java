package org.xrv.zoo.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.UserDirectories;
import org.xrv.zoo.registry.CredentialSource;
import org.xrv.zoo.registry.RegistryAddress;
import org.xrv.zoo.registry.RemoteAccess;
import org.xrv.zoo.registry.RemoteZoo;
import org.xrv.zoo.registry.TransferListener;
import org.xrv.zoo.registry.TransferSettings;
import org.xrv.zoo.registry.UserPlaces;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How zoos on other machines are reached. */
final class NetworkOptions {
  /** How progress is shown. */
  enum ProgressForm {
    /** A line that is written over on a terminal, else a line each ten seconds. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }

  @Option(
      names = "--offline",
      description = "Use what is on this machine; fetch nothing.",
      scope = ScopeType.INHERIT)
  private boolean offline;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "The zoo that keeps copies of what other machines have; otherwise $XRV_ZOO_CACHE, or the"
              + " zoo under your data directory.",
      scope = ScopeType.INHERIT)
  private Path cache;

  @Option(
      names = "--ca",
      paramLabel = "FILE.pem",
      description = "Trust these authorities for https too; otherwise $XRV_ZOO_CA.",
      scope = ScopeType.INHERIT)
  private Path authorities;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Give a connection up when nothing comes for so long; 30 otherwise.",
      scope = ScopeType.INHERIT)
  private Double patience;

  @Option(
      names = "--plain-password",
      description = "Send passwords over plain http too.",
      scope = ScopeType.INHERIT)
  private boolean plainPassword;

  @Option(
      names = "--progress",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How to show progress: for people, or as one JSON object a line.",
      scope = ScopeType.INHERIT)
  private ProgressForm progress;

  boolean offline() {
    return offline;
  }

  UserPlaces places(String zoo, UserDirectories user) {
    return UserPlaces.of(
        Optional.ofNullable(zoo), Optional.ofNullable(cache), user, System.getenv());
  }

  RemoteZoo zoo(
      UserPlaces places,
      RegistryAddress address,
      UserDirectories user,
      PrintWriter err,
      boolean quiet) {
    return new RemoteZoo(
        access(
            address,
            CredentialSource.of(user, System.getenv()),
            TransferProgress.on(err, progress, quiet),
            places),
        places.cacheOf(address));
  }

  RemoteAccess access(
      RegistryAddress address,
      CredentialSource credentials,
      TransferListener listener,
      UserPlaces places) {
    Map<String, String> environment = System.getenv();
    return new RemoteAccess(
        address,
        credentials,
        plainPassword,
        Optional.ofNullable(authorities).or(() -> RemoteAccess.authorities(environment)),
        environment,
        settings(),
        listener,
        offline,
        places.elsewhere(address));
  }

  private TransferSettings settings() {
    if (patience == null) {
      return TransferSettings.usual();
    }
    if (!(patience >= 0.1 && patience <= 86_400)) {
      throw new ProblemException(
          ProblemKind.USAGE, "--timeout should be 0.1 to 86400 seconds, not " + patience);
    }
    return TransferSettings.usual().withPatience(Duration.ofMillis(Math.round(patience * 1000)));
  }
}
