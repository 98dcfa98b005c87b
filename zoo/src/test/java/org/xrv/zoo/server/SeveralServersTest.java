package org.xrv.zoo.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Verification;

/** Servers in processes of their own share a directory, and are killed at random moments. */
class SeveralServersTest {
  private static final int PUSHERS = 3;
  @TempDir Path folder;

  @Test
  void shouldHaveOneWinnerPerVersion() throws IOException, InterruptedException {
    race(5);
  }

  /** 250 contested versions, and as many of each of three processes: 1,000. */
  @Test
  @Tag("slow")
  void shouldHaveOneWinnerPerVersionOfAThousand() throws IOException, InterruptedException {
    race(250);
  }

  private void race(int versions) throws IOException, InterruptedException {
    Path root = folder.resolve("zoo");
    for (int p = 0; p < PUSHERS; p++) {
      Path own = Packages.write(folder.resolve("package-" + p), "{}", "process " + p, 1000);
      try (Served served = Served.open(root)) {
        Files.write(folder.resolve("manifest-" + p), served.blobs("ae", own));
      }
    }
    List<Process> processes = new ArrayList<>();
    int looks = 0;
    try {
      for (int s = 0; s < 2; s++) {
        processes.add(ServerProcess.serve(root, folder.resolve("url-" + s)));
      }
      for (int p = 0; p < PUSHERS; p++) {
        String url = Files.readString(folder.resolve("url-" + p % 2));
        processes.add(
            ServerProcess.start(
                folder.resolve("output-" + p), "push", url, folder + "", p + "", versions + ""));
      }
      for (int p = 0; p < PUSHERS; p++) {
        while (!Files.exists(folder.resolve("ready-" + p))) {
          assertTrue(
              processes.get(2 + p).isAlive(), Files.readString(folder.resolve("output-" + p)));
          Served.pause(5);
        }
      }
      Files.writeString(folder.resolve("go"), "");
      Path index = root.resolve("library/ae/index.json");
      while (processes.subList(2, 2 + PUSHERS).stream().anyMatch(Process::isAlive)) {
        looks += Files.exists(index) ? requireValid(index) : 0;
        Served.pause(2);
      }
      for (int p = 0; p < PUSHERS; p++) {
        assertEquals(
            0, processes.get(2 + p).exitValue(), Files.readString(folder.resolve("output-" + p)));
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    assertTrue(looks > versions / 10, "looked at the index " + looks + " times");
    List<String> won = new ArrayList<>();
    for (int p = 0; p < PUSHERS; p++) {
      won.addAll(Files.readAllLines(folder.resolve("won-" + p)));
    }
    assertEquals(versions, won.size(), "every contested version has one winner: " + won);
    assertEquals(versions, Set.copyOf(won).size());
    LocalZoo zoo = new LocalZoo(root);
    Set<String> published = new TreeSet<>();
    zoo.list().get(0).versions().keySet().forEach(v -> published.add(v.toString()));
    assertEquals(versions * (PUSHERS + 1), published.size());
    Set<String> indexed = new TreeSet<>();
    new ObjectMapper()
        .readTree(root.resolve("library/ae/index.json").toFile())
        .path("manifests")
        .forEach(m -> indexed.add(m.at("/annotations/org.opencontainers.image.ref.name").asText()));
    assertEquals(published, indexed);
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  /** All that the index lists is there. */
  private static int requireValid(Path index) throws IOException {
    JsonNode manifests = new ObjectMapper().readTree(Files.readAllBytes(index)).path("manifests");
    assertTrue(manifests.isArray());
    for (JsonNode manifest : manifests) {
      String hex = manifest.path("digest").asText().substring("sha256:".length());
      assertTrue(Files.exists(index.resolveSibling("blobs/sha256").resolve(hex)), hex);
    }
    return 1;
  }

  @Test
  void shouldSurviveBeingKilled() throws IOException, InterruptedException {
    kill(3, 1);
  }

  @Test
  @Tag("slow")
  void shouldSurviveBeingKilledManyTimes() throws IOException, InterruptedException {
    kill(100, 2);
  }

  /** Pushes a package in small pieces while the server is killed again and again. */
  private void kill(int times, long seed) throws IOException, InterruptedException {
    Path root = folder.resolve("zoo");
    Path urlFile = folder.resolve("url");
    KeyedRandom random = KeyedRandom.of(seed, "kill");
    LocalZoo zoo = new LocalZoo(root);
    int published = 0;
    Process server = ServerProcess.serve(root, urlFile);
    try {
      for (int killed = 0; killed < times; ) {
        Path one = folder.resolve("package-" + published);
        Packages.write(one, "{}", "content " + published, 300_000);
        Push push = new Push(one, published);
        int attempts = 0;
        while (!push.isDone()) {
          Process victim = server;
          int longest = 400 + 400 * attempts++; // a slow machine gets there in the end
          Thread killer = new Thread(() -> killLater(victim, random.nextInt(longest)));
          killer.start();
          push.attempt(URI.create(Files.readString(urlFile)));
          killer.join();
          assertTrue(victim.waitFor(1, TimeUnit.MINUTES));
          killed++;
          for (Verification v : zoo.verifyAll()) {
            assertEquals(Optional.empty(), v.problem().map(Exception::getMessage));
          }
          server = ServerProcess.serve(root, urlFile);
        }
        published++;
        assertEquals(published, zoo.list().get(0).versions().size());
      }
    } finally {
      server.destroyForcibly();
    }
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  private static void killLater(Process process, int millis) {
    Served.pause(millis);
    process.destroyForcibly();
  }

  /** A push that goes on where it was interrupted. */
  private static final class Push {
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<byte[]> blobs = new ArrayList<>();
    private final String tag;
    private final byte[] manifest;
    private String location = "";
    private boolean done;

    private Push(Path directory, int number) throws IOException {
      this.tag = "1." + number + ".0";
      try (Served scratch =
          Served.open(directory.resolveSibling("scratch"))) { // for the manifest's bytes
        this.manifest = scratch.blobs("ae", directory);
      }
      blobs.add(new byte[] {'{', '}'});
      try (var files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          blobs.add(Files.readAllBytes(file));
        }
      }
    }

    private boolean isDone() {
      return done;
    }

    /** Pushes until it is done, or the server is gone. */
    private void attempt(URI server) {
      try {
        for (byte[] blob : blobs) {
          String url = "/v2/ae/blobs/" + Digest.of(blob);
          if (Served.send(client, server.resolve(url), "HEAD", null).statusCode() != 200) {
            upload(server, blob);
          }
        }
        HttpResponse<byte[]> put =
            Served.send(
                client,
                server.resolve("/v2/ae/manifests/" + tag),
                "PUT",
                manifest,
                "Content-Type",
                Served.MANIFEST);
        assertEquals(201, put.statusCode(), Served.text(put));
        done = true;
      } catch (UncheckedIOException e) {
        // Killed: the next attempt goes on.
      }
    }

    private void upload(URI server, byte[] blob) {
      int here = 0;
      if (!location.isEmpty()) {
        HttpResponse<byte[]> status = Served.send(client, server.resolve(location), "GET", null);
        // Another blob's upload may be what was interrupted; its digest would tell at the end.
        String range = status.statusCode() == 204 ? Served.header(status, "Range") : "";
        here = range.isEmpty() ? -1 : Integer.parseInt(range.substring(2)) + 1;
      }
      if (location.isEmpty() || here <= 1 || here > blob.length) {
        HttpResponse<byte[]> begun =
            Served.send(client, server.resolve("/v2/ae/blobs/uploads/"), "POST", new byte[0]);
        assertEquals(202, begun.statusCode(), Served.text(begun));
        location = Served.header(begun, "Location");
        here = 0;
      }
      while (here < blob.length) {
        int end = Math.min(blob.length, here + 50_000);
        HttpResponse<byte[]> patched =
            Served.send(
                client,
                server.resolve(location),
                "PATCH",
                Arrays.copyOfRange(blob, here, end),
                "Content-Range",
                here + "-" + (end - 1));
        assertEquals(202, patched.statusCode(), Served.text(patched));
        here = end;
      }
      String end = location + "?digest=" + Digest.of(blob);
      HttpResponse<byte[]> put = Served.send(client, server.resolve(end), "PUT", new byte[0]);
      location = "";
      assertTrue(put.statusCode() == 201 || put.statusCode() == 400, Served.text(put));
      if (put.statusCode() == 400) {
        upload(server, blob); // it was the upload of another blob
      }
    }
  }
}
