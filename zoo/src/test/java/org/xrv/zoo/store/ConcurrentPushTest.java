package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;

/** Several threads and processes publish at once: one winner per version, and nothing is lost. */
class ConcurrentPushTest {
  private static final int THREADS = 8;
  private static final int PROCESSES = 3;
  private static final Pattern TAG =
      Pattern.compile("\"org.opencontainers.image.ref.name\":\"([^\"]*)\"");
  @TempDir Path folder;

  private static Set<String> indexed(Path root) throws IOException {
    return TAG.matcher(Files.readString(root.resolve("library/ae/index.json")))
        .results()
        .map((MatchResult m) -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> published(LocalZoo zoo) {
    return zoo.list().get(0).versions().keySet().stream()
        .map(Object::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveOneWinnerAmongThreads(Links links)
      throws IOException, InterruptedException, ExecutionException {
    Path root = folder.resolve("zoo");
    LocalZoo zoo = new LocalZoo(root, links, Clock.systemUTC());
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier together = new CyclicBarrier(THREADS);
    try {
      for (int round = 0; round < 10; round++) {
        int r = round;
        List<Future<Optional<Digest>>> pushes = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
          int thread = t;
          Path own = Packages.write(folder.resolve("thread-" + t), "thread " + t);
          pushes.add(
              pool.submit(
                  () -> {
                    together.await(1, TimeUnit.MINUTES);
                    zoo.push(own, model("ae:2." + r + "." + thread));
                    try {
                      return Optional.of(zoo.push(own, model("ae:1." + r + ".0")).digest());
                    } catch (ProblemException e) {
                      assertEquals(ProblemKind.VERSION_EXISTS, e.kind(), e.getMessage());
                      return Optional.empty();
                    }
                  }));
        }
        List<Digest> winners = new ArrayList<>();
        for (Future<Optional<Digest>> push : pushes) {
          push.get().ifPresent(winners::add);
        }
        assertEquals(1, winners.size(), "winners of round " + round);
        assertEquals(winners.get(0), zoo.resolve(ref("ae:1." + round + ".0")).digest());
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(10 * (THREADS + 1), published(zoo).size());
    assertEquals(published(zoo), indexed(root));
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldPullTheSameSnapshotInAllThreads()
      throws IOException, InterruptedException, ExecutionException {
    LocalZoo zoo = new LocalZoo(folder.resolve("zoo"));
    Path one = Packages.write(folder.resolve("one"), "one");
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier together = new CyclicBarrier(THREADS);
    try {
      for (int round = 0; round < 10; round++) {
        String version = "ae:1.0." + round;
        zoo.push(one, model(version));
        List<Future<Path>> pulls = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
          pulls.add(
              pool.submit(
                  () -> {
                    together.await(1, TimeUnit.MINUTES);
                    return zoo.pull(ref(version)).directory();
                  }));
        }
        Set<Path> directories = new TreeSet<>();
        for (Future<Path> pull : pulls) {
          directories.add(pull.get());
        }
        assertEquals(1, directories.size());
      }
    } finally {
      pool.shutdownNow();
    }
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldHaveOneWinnerAmongProcesses() throws IOException, InterruptedException {
    Path root = folder.resolve("zoo");
    List<Process> processes = new ArrayList<>();
    try {
      for (int p = 0; p < PROCESSES; p++) {
        Packages.write(folder.resolve("package-" + p), "process " + p);
        processes.add(
            ZooProcess.start(
                folder.resolve("output-" + p), "race", root + "", folder + "", p + ""));
      }
      for (int p = 0; p < PROCESSES; p++) {
        while (!Files.exists(folder.resolve("ready-" + p))) {
          assertTrue(processes.get(p).isAlive(), "process " + p + " ended early");
          Thread.sleep(5);
        }
      }
      Files.writeString(folder.resolve("go"), "");
      for (int p = 0; p < PROCESSES; p++) {
        assertTrue(processes.get(p).waitFor(2, TimeUnit.MINUTES));
        assertEquals(
            0, processes.get(p).exitValue(), Files.readString(folder.resolve("output-" + p)));
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    List<String> won = new ArrayList<>();
    for (int p = 0; p < PROCESSES; p++) {
      won.addAll(Files.readAllLines(folder.resolve("won-" + p)));
    }
    assertEquals(20, won.size(), "every contested version has one winner: " + won);
    assertEquals(20, Set.copyOf(won).size());
    LocalZoo zoo = new LocalZoo(root);
    assertEquals(20 * (PROCESSES + 1), published(zoo).size());
    assertEquals(published(zoo), indexed(root));
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
  }
}
