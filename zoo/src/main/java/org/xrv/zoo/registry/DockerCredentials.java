package org.xrv.zoo.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.store.ZooJson;

/**
 * The credentials of docker's {@code config.json}: written there, or kept by the programs that it
 * names. Read only.
 */
public final class DockerCredentials implements CredentialSource {
  private static final long HELPER_SECONDS = 30;
  private static final int MAX_ANSWER = 1 << 20;

  private final Path file;

  public DockerCredentials(Path file) {
    this.file = Objects.requireNonNull(file);
  }

  /** Of this user: in {@code $DOCKER_CONFIG}, or {@code ~/.docker}. */
  public static DockerCredentials ofThisUser(Map<String, String> environment) {
    String directory = environment.getOrDefault("DOCKER_CONFIG", "");
    return new DockerCredentials(
        (directory.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".docker")
                : Path.of(directory))
            .resolve("config.json"));
  }

  @Override
  public Optional<Credentials> find(String authority) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    ObjectNode config = ZooJson.parse(ZooJson.read(file), file.toString());
    String helper = config.path("credHelpers").path(authority).asText();
    if (!helper.isEmpty()) {
      return ask(helper, authority);
    }
    for (String name :
        List.of(authority, "https://" + authority, "https://" + authority + "/v1/")) {
      Optional<Credentials> found = written(config.path("auths").path(name));
      if (found.isPresent()) {
        return found;
      }
    }
    String store = config.path("credsStore").asText();
    return store.isEmpty() ? Optional.empty() : ask(store, authority);
  }

  private Optional<Credentials> written(JsonNode entry) {
    String token = entry.path("identitytoken").asText();
    if (!token.isEmpty()) {
      return Optional.of(new Credentials(Credentials.TOKEN, token));
    }
    String auth = entry.path("auth").asText();
    if (auth.isEmpty()) {
      return Optional.empty();
    }
    try {
      String pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon > 0) {
        return Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new ProblemException(
        ProblemKind.AUTHENTICATION,
        file + " has an 'auth' that is no name and password in Base64; run docker login again");
  }

  /** The protocol of docker-credential-helpers: the server on its input, JSON on its output. */
  private Optional<Credentials> ask(String helper, String authority) {
    if (!helper.matches("[A-Za-z0-9._-]+")) {
      throw failed(helper, "is no name of a program");
    }
    String program = "docker-credential-" + helper;
    try {
      Process process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        try (OutputStream in = process.getOutputStream()) {
          in.write(authority.getBytes(StandardCharsets.UTF_8));
        }
        byte[] answer = process.getInputStream().readNBytes(MAX_ANSWER);
        if (!process.waitFor(HELPER_SECONDS, TimeUnit.SECONDS)) {
          throw failed(program, "does not end");
        }
        if (process.exitValue() != 0) {
          return Optional.empty(); // it has none for this server
        }
        ObjectNode json = ZooJson.parse(answer, "the answer of " + program);
        return Optional.of(
            new Credentials(json.path("Username").asText(), json.path("Secret").asText()));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw failed(program, "cannot be run (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(program, "was interrupted");
    }
  }

  private ProblemException failed(String program, String what) {
    return new ProblemException(
        ProblemKind.AUTHENTICATION,
        program + ", which " + file + " names for credentials, " + what + "; or use xrv-zoo login");
  }
}
