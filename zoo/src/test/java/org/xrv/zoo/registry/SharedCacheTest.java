package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.io.AtomicFiles;
import org.xrv.core.random.KeyedRandom;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.store.LocalZoo;

/** Threads and processes that share a cache, and processes that are killed over it. */
class SharedCacheTest {
  @TempDir Path folder;
  private OddServer server;

  @BeforeEach
  void start() throws IOException {
    server = new OddServer(folder, 3_000_000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** How often each blob was asked for from its first byte. */
  private Map<String, Long> downloads() {
    return server.requests().stream()
        .filter(r -> r.startsWith("GET") && r.contains("/blobs/"))
        .collect(Collectors.groupingBy(r -> r, Collectors.counting()));
  }

  private void requireOneDownload() {
    assertEquals(server.stored().blobs().size(), downloads().size(), downloads().toString());
    downloads().forEach((request, times) -> assertEquals(1, times, request));
  }

  @Test
  void shouldFetchOnceForThreads() throws Exception {
    pullByThreads(40, 8);
    requireOneDownload();
  }

  @Test
  @Tag("slow")
  void shouldFetchOnceForAThousandPulls() throws Exception {
    pullByThreads(1000, 32);
    requireOneDownload();
  }

  private void pullByThreads(int pulls, int clients) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Future<Path>> results = new ArrayList<>();
      for (int i = 0; i < pulls; i++) {
        // A client of its own, as if it were a program of its own.
        results.add(
            threads.submit(
                () ->
                    Remotes.zoo(server.url(), folder.resolve("cache"))
                        .pull(ModelReference.parse("ae"))
                        .directory()));
      }
      for (Future<Path> result : results) {
        assertTrue(server.isSame(result.get()));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldFetchOnceForProcesses() throws IOException, InterruptedException {
    slowly(200); // enough for all to be there while the first is fetching
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(
          PullProcess.start(
              folder.resolve("output-" + i), server.url(), folder.resolve("cache"), "ae:1.0.0"));
    }
    for (int i = 0; i < 4; i++) {
      assertTrue(processes.get(i).waitFor(2, TimeUnit.MINUTES));
      assertEquals(
          0, processes.get(i).exitValue(), Files.readString(folder.resolve("output-" + i)));
    }
    requireOneDownload();
    assertTrue(sound(folder.resolve("cache")));
  }

  private static boolean sound(Path zoo) {
    return new LocalZoo(zoo).verifyAll().stream().allMatch(v -> v.isSound());
  }

  @Test
  void shouldCompleteWhatAKilledProcessBegan() throws IOException, InterruptedException {
    killPulls(4, 1);
  }

  @Test
  @Tag("slow")
  void shouldCompleteWhatKilledProcessesBeganInManyRounds()
      throws IOException, InterruptedException {
    killPulls(100, 2);
  }

  private void killPulls(int rounds, long seed) throws IOException, InterruptedException {
    slowly(60); // two seconds
    Path cache = folder.resolve("cache");
    for (int round = 0; round < rounds; round++) {
      int before = server.requests().size();
      Path output = folder.resolve("output-" + round);
      Process process = PullProcess.start(output, server.url(), cache, "ae:1.0.0");
      try {
        while (process.isAlive() && !isFetching(before)) {
          Thread.sleep(2);
        }
        Thread.sleep(KeyedRandom.of(seed, "kill", round + "").nextInt(1500));
      } finally {
        process.destroyForcibly();
      }
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      assertTrue(sound(cache), "after round " + round);
      if (round % 4 == 3) {
        Path directory =
            Remotes.zoo(server.url(), cache).pull(ModelReference.parse("ae:1.0.0")).directory();
        assertTrue(server.isSame(directory));
        assertTrue(sound(cache));
        AtomicFiles.deleteTree(cache);
      }
    }
    assertTrue(
        server.requests().stream().anyMatch(r -> r.contains("bytes=")),
        "some pulls go on where a killed one stopped");
  }

  /** Whether the largest blob was asked for after so many requests. */
  private boolean isFetching(int before) {
    return server.requests().stream()
        .skip(before)
        .anyMatch(r -> r.contains(server.largest().toString()));
  }

  /** Sends the largest blob, 3 MB, in thirty pieces with pauses between them. */
  private void slowly(long millis) {
    server.spoil(
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (!path.endsWith(server.largest().toString())
              || exchange.getRequestHeaders().getFirst("Range") != null) {
            return false;
          }
          byte[] all = server.bytes(server.largest());
          exchange.sendResponseHeaders(200, all.length);
          for (int at = 0; at < all.length; at += 100_000) {
            exchange.getResponseBody().write(all, at, Math.min(100_000, all.length - at));
            exchange.getResponseBody().flush();
            try {
              Thread.sleep(millis);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return true;
        });
  }
}
