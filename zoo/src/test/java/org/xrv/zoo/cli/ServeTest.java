package org.xrv.zoo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.store.Packages;

/** The server as a user starts and stops it. */
class ServeTest {
  @TempDir Path folder;
  private ZooRunner zoo;

  @BeforeEach
  void push() {
    zoo = new ZooRunner(folder.resolve("zoo"));
    Path one = Packages.write(folder.resolve("one"), "{}", "one", 20_000_000);
    zoo.done("push", one.toString(), "ae:1.0.0");
  }

  private Process start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                XrvZoo.class.getName(),
                "serve",
                folder.resolve("zoo").toString(),
                "--port",
                "0"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  @Test
  void shouldEndWhatItBeganWhenItIsStopped() throws IOException, InterruptedException {
    Path log = folder.resolve("access.log");
    Process process = start("--access-log", log.toString());
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      URI url = URI.create(out.readLine());
      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<InputStream> slow =
          client.send(
              HttpRequest.newBuilder(url.resolve("/models/ae/1.0.0/encoder.onnx")).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      long size = slow.body().readNBytes(1000).length;
      long start = System.nanoTime();
      process.destroy(); // SIGTERM
      HttpResponse<String> refused = awaitRefusal(client, url);
      assertEquals(503, refused.statusCode(), refused.body());
      try (InputStream body = slow.body()) {
        for (int n; (n = body.read(new byte[1 << 16])) > 0; size += n) {
          Thread.sleep(1);
        }
      }
      assertEquals(20_000_000, size, "what was begun comes to its end");
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(128 + 15, process.exitValue());
      assertTrue(System.nanoTime() - start < 20_000_000_000L);
    } finally {
      process.destroyForcibly();
    }
    String lines = Files.readString(log);
    assertTrue(lines.contains("GET /models/ae/1.0.0/encoder.onnx 200 20000000"), lines);
    assertTrue(lines.contains("GET /healthz 503"), lines);
  }

  /** The signal takes a moment to arrive. */
  private static HttpResponse<String> awaitRefusal(HttpClient client, URI url)
      throws IOException, InterruptedException {
    HttpResponse<String> answer;
    int tries = 0;
    do {
      Thread.sleep(20);
      answer =
          client.send(
              HttpRequest.newBuilder(url.resolve("/healthz")).build(),
              HttpResponse.BodyHandlers.ofString());
    } while (answer.statusCode() == 200 && tries++ < 500);
    return answer;
  }

  @Test
  void shouldMakeTokens() throws IOException {
    String file = folder.resolve("tokens").toString();
    String secret = zoo.done("token", "ci", "--token-file", file, "--push", "mylab/*,ae");
    assertTrue(secret.startsWith("xrv_"), secret);
    assertFalse(Files.readString(Path.of(file)).contains(secret));
    zoo.refused(2, "already", "token", "ci", "--token-file", file, "--pull", "*");
    zoo.refused(2, "may do nothing", "token", "b", "--token-file", file);
    zoo.refused(2, "not a model", "token", "b", "--token-file", file, "--push", "A/b");
    zoo.refused(2, "no time", "token", "b", "--token-file", file, "--pull", "*", "--expires", "x");
    assertEquals(
        "reader",
        zoo.json("token", "reader", "--token-file", file, "--pull", "*", "--expires", "2030-01-01")
            .path("name")
            .asText());
    assertEquals(
        2,
        Files.readAllLines(Path.of(file)).stream().filter(l -> l.contains("sha256:")).count() - 1);
  }

  @Test
  void shouldSayWhyItCannotStart() throws IOException {
    Path tokens = Files.writeString(folder.resolve("tokens"), "ci\n");
    zoo.refused(2, "tokens, line 1", "serve", "--port", "0", "--token-file", tokens.toString());
    zoo.refused(3, "xrv-zoo token", "serve", "--port", "0", "--token-file", folder + "/none");
    zoo.refused(2, "cert.pem,key.pem", "serve", "--port", "0", "--tls", "x");
    zoo.refused(2, "cannot read", "serve", "--port", "0", "--tls", folder + "/c," + folder + "/k");
    zoo.refused(2, "port 70000", "serve", "--port", "70000");
    zoo.refused(2, "cannot listen", "serve", "--port", "0", "--bind", "192.0.2.1");
    zoo.refused(2, "this machine alone", "serve", "--bind", "0.0.0.0", "--anonymous-push");
    zoo.refused(2, "nobody could do anything", "serve", "--no-anonymous-pull");
    zoo.refused(2, "1 or more", "serve", "--threads", "0");
  }
}
