package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.zoo.store.Packages;

/** Who may pull and push what. */
class AccessTest {
  private static final String RESTRICTED =
      "{\"dataUse\":{\"sources\":[\"mimic\"],\"redistributable\":false}}";
  @TempDir Path folder;
  private Path tokens;
  private Path one;
  private Served served;

  @BeforeEach
  void prepare() {
    tokens = folder.resolve("tokens");
    one = Packages.write(folder.resolve("one"), "one");
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
    }
  }

  private String token(String name, List<String> pull, List<String> push) {
    String secret = Token.newSecret();
    TokenFile.add(tokens, Token.of(name, secret, pull, push, Optional.empty()));
    return secret;
  }

  private void start(boolean anonymousPull) {
    served = Served.guarded(folder.resolve("zoo"), tokens, anonymousPull);
    served.push(one, "ae:1.0.0");
    served.push(one, "mylab/x:1.0.0");
    served.push(Packages.write(folder.resolve("restricted"), RESTRICTED, "r", 100), "mimic:1.0.0");
  }

  private static String[] bearer(String secret) {
    return new String[] {"Authorization", "Bearer " + secret};
  }

  private static String[] basic(String user, String secret) {
    String pair = user + ":" + secret;
    return new String[] {
      "Authorization",
      "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
    };
  }

  private int status(String path, String... headers) {
    return served.get(path, headers).statusCode();
  }

  @Test
  void shouldPushByTokenInItsNamespacesOnly() {
    String mylab = token("mylab", List.of(), List.of("mylab/*"));
    start(true);
    String uploads = "/v2/mylab/x/blobs/uploads/";
    HttpResponse<byte[]> anonymous = served.send("POST", uploads, new byte[0]);
    assertEquals(401, anonymous.statusCode());
    assertTrue(Served.header(anonymous, "WWW-Authenticate").startsWith("Basic realm="));
    served.refused(401, OciCode.UNAUTHORIZED, "POST", uploads, new byte[0], bearer(mylab + "x"));
    served.done(202, "POST", uploads, new byte[0], bearer(mylab));
    served.done(202, "POST", uploads, new byte[0], basic("anybody", mylab));
    for (String other : List.of("ae", "mylab2/x", "mylab", "library/mylab")) {
      served.refused(
          403,
          OciCode.DENIED,
          "POST",
          "/v2/" + other + "/blobs/uploads/",
          new byte[0],
          bearer(mylab));
    }
    served.refused(403, OciCode.DENIED, "DELETE", "/v2/ae/manifests/stable", null, bearer(mylab));
    byte[] manifest = served.blobs("mylab/x", one, bearer(mylab));
    assertEquals(401, served.putManifest("mylab/x", "2.0.0", manifest).statusCode());
    assertEquals(201, served.putManifest("mylab/x", "2.0.0", manifest, bearer(mylab)).statusCode());
    served.awaitLog(" mylab PUT ");
    assertFalse(served.log.stream().anyMatch(l -> l.contains(mylab)), "tokens are in no log");
    // A blob of another model can be mounted by those who may read it only.
    String digest = Served.json(served.get("/v2/mimic/manifests/1.0.0", bearer(mylab))) + "";
    assertTrue(digest.contains("UNAUTHORIZED") || digest.contains("DENIED"), digest);
  }

  @Test
  void shouldMountOnlyWhatMayBePulled() {
    String mylab = token("mylab", List.of("ae"), List.of("mylab/*"));
    start(false);
    String digest =
        Served.json(served.get("/v2/ae/manifests/1.0.0", bearer(mylab)))
            .at("/layers/0/digest")
            .asText();
    String mount = "/v2/mylab/y/blobs/uploads/?mount=" + digest + "&from=";
    served.push(one, "closed:1.0.0");
    served.done(202, "POST", mount + "closed", new byte[0], bearer(mylab));
    served.done(201, "POST", mount + "ae", new byte[0], bearer(mylab));
  }

  @Test
  void shouldPullByTokenWhereNothingIsOpen() {
    String reader = token("reader", List.of("mylab/*"), List.of());
    start(false);
    for (String path :
        List.of(
            "/v2/",
            "/v2/_catalog",
            "/v2/ae/tags/list",
            "/v2/ae/manifests/1.0.0",
            "/models/ae/1.0.0/xrv-model.json",
            "/catalog.json",
            "/")) {
      assertEquals(401, status(path), path);
    }
    assertEquals(200, status("/healthz"));
    assertEquals(200, status("/v2/", bearer(reader)));
    assertEquals(200, status("/v2/mylab/x/manifests/1.0.0", bearer(reader)));
    assertEquals(403, status("/v2/ae/manifests/1.0.0", bearer(reader)));
    JsonNode catalog = Served.json(served.get("/catalog.json", bearer(reader)));
    assertEquals(1, catalog.path("models").size());
    assertEquals(
        "{\"repositories\":[\"mylab/x\"]}",
        Served.text(served.get("/v2/_catalog", bearer(reader))));
    served.refused(
        403, OciCode.DENIED, "POST", "/v2/mylab/x/blobs/uploads/", new byte[0], bearer(reader));
    for (String wrong : List.of("Basic ???", "Basic eA==", "Digest x", "Bearer", "x")) {
      assertEquals(401, status("/v2/", "Authorization", wrong), wrong);
    }
    assertEquals(401, status("/v2/", basic("", "")));
  }

  @Test
  void shouldGiveRestrictedModelsToNobodyAnonymous() {
    String reader = token("reader", List.of("mimic"), List.of());
    String other = token("other", List.of("mylab/*"), List.of());
    start(true);
    assertEquals(200, status("/v2/ae/manifests/1.0.0"));
    assertEquals(401, status("/v2/mimic/manifests/1.0.0"));
    assertEquals(401, status("/models/mimic/1.0.0/encoder.onnx"));
    assertEquals(200, status("/models/mimic/1.0.0/encoder.onnx", bearer(reader)));
    assertEquals(403, status("/models/mimic/1.0.0/encoder.onnx", bearer(other)));
    assertEquals(
        "private, max-age=31536000, immutable",
        Served.header(
            served.get("/models/mimic/1.0.0/encoder.onnx", bearer(reader)), "Cache-Control"));
    JsonNode models = Served.json(served.get("/catalog.json")).path("models");
    assertEquals("mimic", models.path(1).path("name").asText());
    assertTrue(models.path(1).path("needsToken").asBoolean());
    assertFalse(models.path(0).path("needsToken").asBoolean());
  }

  @Test
  void shouldRefuseRestrictedModelsInAPublicZoo() {
    String all = token("all", List.of(), List.of("*"));
    served =
        Served.with(
            folder.resolve("zoo"),
            new ServerSettings(
                InetAddress.getLoopbackAddress(),
                0,
                Optional.empty(),
                Optional.of(tokens),
                true,
                true,
                false,
                false,
                Served.LIMITS,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                4));
    Path restricted = Packages.write(folder.resolve("restricted"), RESTRICTED, "r", 100);
    byte[] manifest = served.blobs("mimic", restricted, bearer(all));
    HttpResponse<byte[]> put = served.putManifest("mimic", "1.0.0", manifest, bearer(all));
    assertEquals(403, put.statusCode());
    assertTrue(Served.text(put).contains("public"), Served.text(put));
    Path free =
        Packages.write(folder.resolve("free"), RESTRICTED.replace("false", "true"), "f", 100);
    assertEquals(
        201,
        served
            .putManifest("ae", "1.0.0", served.blobs("ae", free, bearer(all)), bearer(all))
            .statusCode());
  }

  @Test
  void shouldNameATokenThatExpired() {
    String secret = Token.newSecret();
    TokenFile.add(
        tokens,
        Token.of("old", secret, List.of(), List.of("*"), Optional.of(Token.instant("2020-01-31"))));
    start(true);
    String message = served.refused(401, OciCode.UNAUTHORIZED, "GET", "/v2/", null, bearer(secret));
    assertTrue(message.contains("'old'") && message.contains("2020-02-01"), message);
  }

  @Test
  void shouldReadTheTokensAgainWhenTheyChange() throws IOException {
    String first = token("first", List.of("*"), List.of());
    start(false);
    assertEquals(200, status("/v2/", bearer(first)));
    String second = token("second", List.of("*"), List.of());
    assertEquals(200, status("/v2/", bearer(second)));
    String sound = Files.readString(tokens);
    Files.writeString(tokens, sound + "third\n");
    assertEquals(200, status("/v2/", bearer(first)), "a broken file changes nothing");
    assertEquals(200, status("/v2/", bearer(first)));
    assertEquals(
        1,
        served.problems.stream().filter(p -> p.contains("line 4")).count(),
        served.problems + "");
    Files.writeString(tokens, sound.replaceAll("(?m)^first.*$", ""));
    assertEquals(401, status("/v2/", bearer(first)));
    assertEquals(200, status("/v2/", bearer(second)));
  }

  @Test
  void shouldLetOnlyThisMachinePushWithoutTls() {
    String all = token("all", List.of(), List.of("*"));
    start(true);
    String uploads = "/v2/ae/blobs/uploads/";
    // As a proxy on this machine hands on what comes from elsewhere.
    served.refused(
        403,
        OciCode.DENIED,
        "POST",
        uploads,
        new byte[0],
        "Authorization",
        "Bearer " + all,
        "X-Forwarded-For",
        "192.0.2.1");
    served.done(
        202,
        "POST",
        uploads,
        new byte[0],
        "Authorization",
        "Bearer " + all,
        "X-Forwarded-For",
        "192.0.2.1",
        "X-Forwarded-Proto",
        "https");
    served.awaitLog("/192.0.2.1 all POST");
    served.close();
    served = Served.open(folder.resolve("zoo"));
    served.done(202, "POST", uploads, new byte[0]);
    served.refused(
        403, OciCode.DENIED, "POST", uploads, new byte[0], "X-Forwarded-For", "192.0.2.1");
  }

  @Test
  void shouldLetNobodyPushWithoutTokens() {
    served =
        Served.with(
            folder.resolve("zoo"),
            Served.settings(Optional.empty(), true, false, Duration.ofSeconds(10)));
    String message =
        served.refused(
            403, OciCode.DENIED, "POST", "/v2/ae/blobs/uploads/", new byte[0], bearerless());
    assertTrue(message.contains("--token-file"), message);
  }

  private static String[] bearerless() {
    return new String[] {"User-Agent", "test"};
  }

  @Test
  void shouldExplainWhatIsWrongWithATokenFile() throws IOException {
    String digest = "sha256:" + "0".repeat(64);
    for (String line :
        List.of(
            "ci",
            "ci " + digest,
            "ci " + digest + " push",
            "ci " + digest + " push=",
            "ci " + digest + " push=Mylab/*",
            "ci " + digest + " pull=a/b/c",
            "ci " + digest + " pull=* expires=soon",
            "ci sha256:0 pull=*",
            "c:i " + digest + " pull=*",
            "ok " + digest + " pull=*")) {
      Files.writeString(tokens, "# a comment\n\nok " + digest + " pull=*\n" + line + "\n");
      ProblemException e = assertThrows(ProblemException.class, () -> TokenFile.read(tokens));
      assertTrue(e.getMessage().contains("tokens, line 4: "), e.getMessage());
    }
    Token token =
        Token.parse("ci " + digest + " pull=*,a push=b/c,d/* expires=2027-01-31T12:00:00Z");
    assertEquals(Optional.of(Instant.parse("2027-01-31T12:00:00Z")), token.expires());
    assertEquals(token, Token.parse(token.toString()));
    Files.delete(tokens);
    assertThrows(ProblemException.class, () -> TokenFile.read(tokens));
  }
}
