package org.xrv.zoo.server;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * How a zoo is served.
 *
 * @param address to listen at
 * @param port to listen at; 0 for any that is free
 * @param tls certificate and key, for HTTPS
 * @param tokens the token file
 * @param isPublic whether to refuse models that may not be given to just anybody
 * @param anonymousPull whether anybody may read
 * @param anonymousPush whether anybody on this machine may publish
 * @param insecurePush whether tokens may publish from other machines without TLS
 * @param limits of what arrives
 * @param stall how long a client may do nothing within a request
 * @param drain how long requests may take to their end after the server was told to stop
 * @param threads requests that are answered at the same time
 */
public record ServerSettings(
    InetAddress address,
    int port,
    Optional<TlsFiles> tls,
    Optional<Path> tokens,
    boolean isPublic,
    boolean anonymousPull,
    boolean anonymousPush,
    boolean insecurePush,
    UploadLimits limits,
    Duration stall,
    Duration drain,
    int threads) {
  private static final Duration USUAL_STALL = Duration.ofSeconds(60);
  private static final Duration USUAL_DRAIN = Duration.ofSeconds(30);
  private static final int USUAL_THREADS = 64;

  public ServerSettings {
    Objects.requireNonNull(tls);
    Objects.requireNonNull(tokens);
    Objects.requireNonNull(limits);
    if (port < 0 || port > 65535) {
      throw new ProblemException(
          ProblemKind.USAGE, "port " + port + " should be 1 to 65535, or 0 for any that is free");
    }
    if (stall.isNegative() || stall.isZero() || drain.isNegative() || threads < 1) {
      throw new ProblemException(
          ProblemKind.USAGE, "times and the number of threads should be 1 or more");
    }
    if (anonymousPush && !address.isLoopbackAddress()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "without a token, people may push only to a server that listens at this machine alone;"
              + " give them tokens: --token-file");
    }
    if (!anonymousPull && tokens.isEmpty()) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "without anonymous pulls and without --token-file, nobody could do anything");
    }
  }

  /** At this machine alone, at any free port, for reading. */
  public static ServerSettings usual() {
    return new ServerSettings(
        InetAddress.getLoopbackAddress(),
        0,
        Optional.empty(),
        Optional.empty(),
        false,
        true,
        false,
        false,
        UploadLimits.USUAL,
        USUAL_STALL,
        USUAL_DRAIN,
        USUAL_THREADS);
  }

  /**
   * How long the headers of a request may take. Tools that try HTTPS at first send what this
   * server, without TLS, takes for the start of a very long line, and wait for an answer.
   */
  Duration headers() {
    Duration usual = Duration.ofSeconds(tls.isPresent() ? 20 : 5);
    return stall.compareTo(usual) < 0 ? stall : usual;
  }

  AccessRules rules() {
    return new AccessRules(
        tokens.isPresent(),
        anonymousPull,
        tokens.isEmpty() && address.isLoopbackAddress(),
        anonymousPush,
        insecurePush);
  }
}
