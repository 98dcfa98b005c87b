package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;

/**
 * A proxy that cuts, stalls, corrupts, duplicates and reorders: every pull ends right or says what
 * is wrong, and wrong bytes never have a name.
 */
class FaultyNetworkTest {
  /** What a damaged connection may end with: network, wrong digest. */
  private static final Set<ProblemKind> RIGHT =
      Set.of(ProblemKind.NETWORK, ProblemKind.DIGEST_MISMATCH);

  @TempDir Path folder;
  private DockerRegistry registry;
  private Path one;
  private Digest digest;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    DockerRegistry.assumeInstalled();
    registry = DockerRegistry.start(folder.resolve("registry"));
    one = Packages.write(folder.resolve("one"), "{}", "one", 300_000);
    digest =
        Remotes.zoo(registry.url(), folder.resolve("a"))
            .push(one, ModelVersion.parse("ae:1.0.0"))
            .digest();
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void shouldEndRightOrSayWhatIsWrong() throws IOException {
    pullThroughFaults(30, 1);
  }

  @Test
  @Tag("slow")
  void shouldEndRightOrSayWhatIsWrongInManyRuns() throws IOException {
    pullThroughFaults(500, 1000);
  }

  private void pullThroughFaults(int runs, long firstSeed) throws IOException {
    TransferSettings settings =
        new TransferSettings(
            java.time.Duration.ofMillis(300),
            4,
            java.time.Duration.ofMillis(2),
            java.time.Duration.ofSeconds(1),
            3);
    Map<ProblemKind, Integer> problems = new EnumMap<>(ProblemKind.class);
    int faults = 0;
    int right = 0;
    for (int run = 0; run < runs; run++) {
      double share = new double[] {0.2, 0.5, 0.9}[run % 3];
      Path cache = folder.resolve("cache");
      try (FaultProxy proxy = new FaultProxy(registry.port(), firstSeed + run, share)) {
        RemoteZoo zoo =
            new RemoteZoo(
                Remotes.access(proxy.url(), settings, CredentialSource.none()),
                new LocalZoo(cache));
        try {
          Path directory = zoo.pull(ModelReference.parse("ae:1.0.0@" + digest)).directory();
          RegistryTest.assertSame(one, directory);
          right++;
        } catch (ProblemException e) {
          assertTrue(RIGHT.contains(e.kind()), "seed " + (firstSeed + run) + ": " + e.getMessage());
          problems.merge(e.kind(), 1, Integer::sum);
        }
        faults += proxy.faults();
      }
      requireOnlyRightBytes(cache, "seed " + (firstSeed + run));
      // What was interrupted is gone on with, by every second run from the next one on.
      if (run % 2 == 1) {
        RegistryTest.assertSame(
            one,
            Remotes.zoo(registry.url(), cache).pull(ModelReference.parse("ae:1.0.0")).directory());
        AtomicFiles.deleteTree(cache);
      }
    }
    assertTrue(faults > runs / 2, faults + " faults");
    assertTrue(right > runs / 3, right + " of " + runs + " right, " + problems);
  }

  private static void requireOnlyRightBytes(Path zoo, String when) throws IOException {
    Map<String, String> wrong = new TreeMap<>();
    if (Files.isDirectory(zoo)) {
      try (Stream<Path> files = Files.walk(zoo)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = file.getFileName().toString();
          if (name.matches("[0-9a-f]{64}") && Files.isRegularFile(file)) {
            String found = Digest.of(Files.readAllBytes(file)).hex();
            if (!found.equals(name)) {
              wrong.put(name, found);
            }
          }
        }
      }
    }
    assertEquals(Map.of(), wrong, when);
    assertTrue(new LocalZoo(zoo).verifyAll().stream().allMatch(v -> v.isSound()), when);
  }
}
