package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;

/** Who asks, and who must not learn of it. */
class AuthenticationTest {
  private static final Credentials ALICE = new Credentials("alice", "s3cret");
  @TempDir Path folder;

  private static RemoteZoo zoo(String url, Path cache, CredentialSource credentials) {
    return new RemoteZoo(Remotes.access(url, Remotes.HASTY, credentials), new LocalZoo(cache));
  }

  private static void pull(RemoteZoo zoo) {
    zoo.pull(ModelReference.parse("ae:1.0.0"));
  }

  private static ProblemException refused(ProblemKind kind, Runnable work) {
    ProblemException e = assertThrows(ProblemException.class, work::run);
    assertEquals(kind, e.kind(), e.getMessage());
    assertFalse(e.getMessage().contains("s3cret"), e.getMessage());
    return e;
  }

  @Test
  void shouldGiveAPasswordToARegistryThatAsks() throws IOException, InterruptedException {
    DockerRegistry.assumeInstalled();
    assumeTrue(DockerRegistry.runs("htpasswd", "-h"), "needs htpasswd (apache2-utils)");
    Path users = folder.resolve("users");
    Process made =
        new ProcessBuilder("htpasswd", "-Bbc", users.toString(), "alice", "s3cret")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(made.waitFor(1, TimeUnit.MINUTES));
    Path one = Packages.write(folder.resolve("one"), "one");
    try (DockerRegistry registry =
        DockerRegistry.start(folder.resolve("registry"), List.of(users))) {
      ModelVersion model = ModelVersion.parse("ae:1.0.0");
      ProblemException e =
          refused(
              ProblemKind.AUTHENTICATION,
              () ->
                  zoo(registry.url(), folder.resolve("a"), CredentialSource.none())
                      .push(one, model));
      assertTrue(e.getMessage().contains("xrv-zoo login " + registry.host()), e.getMessage());
      refused(
          ProblemKind.AUTHENTICATION,
          () ->
              zoo(
                      registry.url(),
                      folder.resolve("a"),
                      a -> Optional.of(new Credentials("alice", "wrong")))
                  .push(one, model));
      CredentialSource alice =
          a -> a.equals(registry.host()) ? Optional.of(ALICE) : Optional.empty();
      zoo(registry.url(), folder.resolve("a"), alice).push(one, model);
      pull(zoo(registry.url(), folder.resolve("b"), alice));
      zoo(registry.url(), folder.resolve("b"), alice).client().login(ALICE);
      refused(
          ProblemKind.AUTHENTICATION,
          () ->
              zoo(registry.url(), folder.resolve("b"), CredentialSource.none())
                  .client()
                  .login(new Credentials("alice", "wrong")));
    }
  }

  @Test
  void shouldGetTokensAndNewOnesWhenTheyExpire() throws IOException {
    AtomicInteger tokens = new AtomicInteger();
    List<String> scopes = Collections.synchronizedList(new ArrayList<>());
    try (OddServer server = new OddServer(folder, 1000)) {
      server.spoil(
          exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
              assertEquals(ALICE.basic(), exchange.getRequestHeaders().getFirst("Authorization"));
              scopes.add(exchange.getRequestURI().getQuery());
              OddServer.send(
                  exchange,
                  200,
                  ("{\"token\":\"t" + tokens.incrementAndGet() + "\",\"expires_in\":1}")
                      .getBytes(StandardCharsets.UTF_8));
              return true;
            }
            // Each token is good for the two requests after it.
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            if (header == null
                || !header.equals("Bearer t" + tokens.get())
                || server.requests().size() % 5 == 0) {
              exchange
                  .getResponseHeaders()
                  .set(
                      "WWW-Authenticate",
                      "Bearer realm=\""
                          + server.url()
                          + "/token\",service=\"zoo\",scope=\"repository:library/ae:pull\"");
              OddServer.send(exchange, 401, new byte[0]);
              return true;
            }
            return false;
          });
      pull(zoo(server.url(), folder.resolve("cache"), a -> Optional.of(ALICE)));
      assertTrue(tokens.get() >= 2, tokens + " tokens");
      assertTrue(scopes.get(0).contains("scope=repository:library/ae:pull"), scopes.toString());
    }
  }

  @Test
  void shouldTellOtherOriginsNothing() throws IOException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    HttpServer store =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    try (OddServer server = new OddServer(folder, 1000)) {
      store.createContext(
          "/",
          exchange -> {
            seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String path = exchange.getRequestURI().getPath();
            try (exchange) {
              OddServer.blob(
                  exchange, server.bytes(org.xrv.zoo.name.Digest.parse(path.substring(1))));
            }
          });
      store.start();
      server.spoil(
          exchange -> {
            if (!ALICE.basic().equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
              exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"zoo\"");
              OddServer.send(exchange, 401, new byte[0]);
              return true;
            }
            return redirect(exchange, store.getAddress().getPort());
          });
      pull(zoo(server.url(), folder.resolve("cache"), a -> Optional.of(ALICE)));
      assertTrue(seen.size() >= 4, seen.toString());
      assertTrue(seen.stream().allMatch("null"::equals), seen.toString());
    } finally {
      store.stop(0);
    }
  }

  private static boolean redirect(HttpExchange exchange, int port) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.contains("/blobs/")) {
      return false;
    }
    // The same machine, another port: another origin.
    exchange
        .getResponseHeaders()
        .set("Location", "http://127.0.0.1:" + port + path.substring(path.lastIndexOf('/')));
    OddServer.send(exchange, 307, new byte[0]);
    return true;
  }

  @Test
  void shouldNotSendPasswordsInTheOpen() {
    RegistryAddress address = RegistryAddress.parse("http://zoo.example.org");
    for (boolean allowed : new boolean[] {false, true}) {
      Authorizer authorizer =
          new Authorizer(
              address,
              a -> Optional.of(ALICE),
              allowed,
              r -> {
                throw new IOException("no token server is asked");
              });
      List<Challenge> challenges = List.of(new Challenge("basic", java.util.Map.of()));
      if (allowed) {
        try {
          assertTrue(authorizer.answer(challenges, "s", Optional.empty()));
          assertEquals(Optional.of(ALICE.basic()), authorizer.header("s"));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      } else {
        ProblemException e =
            assertThrows(
                ProblemException.class, () -> authorizer.answer(challenges, "s", Optional.empty()));
        assertTrue(e.getMessage().contains("--plain-password"), e.getMessage());
      }
    }
  }

  @Test
  void shouldReadWhatDockerKeeps() throws IOException {
    Path config = folder.resolve("config.json");
    String auth = Base64.getEncoder().encodeToString("bob:pa:ss".getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        config,
        "{\"auths\":{\"zoo.example.org\":{\"auth\":\""
            + auth
            + "\"},\"https://old.example.org/v1/\":{\"auth\":\""
            + auth
            + "\"},\"id.example.org\":{\"identitytoken\":\"abc\"},\"bad.example.org\":{\"auth\":\"!\"}},"
            + "\"credHelpers\":{\"helped.example.org\":\"none-of-this-name\"}}");
    DockerCredentials docker = new DockerCredentials(config);
    assertEquals(Optional.of(new Credentials("bob", "pa:ss")), docker.find("zoo.example.org"));
    assertEquals(Optional.of(new Credentials("bob", "pa:ss")), docker.find("old.example.org"));
    assertTrue(docker.find("id.example.org").orElseThrow().isIdentityToken());
    assertEquals(Optional.empty(), docker.find("other.example.org"));
    refused(ProblemKind.AUTHENTICATION, () -> docker.find("bad.example.org"));
    ProblemException e =
        refused(ProblemKind.AUTHENTICATION, () -> docker.find("helped.example.org"));
    assertTrue(e.getMessage().contains("docker-credential-none-of-this-name"), e.getMessage());
    assertEquals(
        Optional.empty(), new DockerCredentials(folder.resolve("none")).find("zoo.example.org"));
  }

  @Test
  void shouldKeepCredentialsToItself() throws IOException {
    CredentialFile file = new CredentialFile(folder.resolve("xrv/credentials.json"));
    assertEquals(Optional.empty(), file.find("zoo.example.org"));
    assertFalse(file.remove("zoo.example.org"));
    file.put("zoo.example.org", ALICE);
    file.put("localhost:5000", new Credentials("bob", "x"));
    assertEquals(Optional.of(ALICE), file.find("zoo.example.org"));
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file.file())));
    assertTrue(file.remove("zoo.example.org"));
    assertEquals(Optional.empty(), file.find("zoo.example.org"));
    assertTrue(file.find("localhost:5000").isPresent());
    Files.setPosixFilePermissions(
        file.file(), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    refused(ProblemKind.AUTHENTICATION, () -> file.find("localhost:5000"));
  }

  @Test
  void shouldReadChallenges() {
    List<Challenge> found =
        Challenge.of(
            java.net.http.HttpHeaders.of(
                java.util.Map.of(
                    "WWW-Authenticate",
                    List.of(
                        "Bearer realm=\"https://auth.example.org/token\", service=\"a \\\"b\\\"\","
                            + "scope=\"repository:x:pull,push\"",
                        "Negotiate, Basic realm=plain",
                        "x".repeat(10_000))),
                (a, b) -> true));
    assertEquals(
        List.of("bearer", "negotiate", "basic"), found.stream().map(Challenge::scheme).toList());
    assertEquals(Optional.of("a \"b\""), found.get(0).parameter("service"));
    assertEquals(Optional.of("repository:x:pull,push"), found.get(0).parameter("scope"));
    assertEquals(Optional.of("plain"), found.get(2).parameter("realm"));
  }
}
