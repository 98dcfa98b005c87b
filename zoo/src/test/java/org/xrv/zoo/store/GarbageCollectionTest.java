package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.store.GarbageReport.Outcome;

/** What no version needs goes, and nothing else does. */
class GarbageCollectionTest {
  @TempDir Path folder;
  private Path root;
  private LocalZoo zoo;

  @BeforeEach
  void prepare() {
    root = folder.resolve("zoo");
    zoo = new LocalZoo(root);
  }

  private Path write(String content) {
    return Packages.write(folder.resolve(content), content);
  }

  private static void assertSound(LocalZoo zoo) {
    for (Verification v : zoo.verifyAll()) {
      assertEquals("", v.problem().map(Exception::getMessage).orElse(""));
    }
  }

  private static Set<String> names(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private Path pooled(Path file) throws IOException {
    return root.resolve("_blobs/sha256").resolve(Digest.of(Files.readAllBytes(file)).hex());
  }

  /** A blob that nothing needs, as an upload leaves it whose manifest never came. */
  private Path orphan(String content) throws IOException {
    Digest digest = Digest.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path file = root.resolve("_blobs/sha256").resolve(digest.hex());
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @ParameterizedTest
  @EnumSource
  void shouldDeleteWhatOnlyARemovedVersionNeeded(Links links) throws IOException {
    LocalZoo here = new LocalZoo(root, links, Clock.systemUTC());
    Path one = write("one");
    here.push(one, model("ae:1.0.0"));
    here.push(write("two"), model("ae:1.1.0"));
    here.push(one, model("lab/other:1.0.0"));
    Path snapshot = here.pull(ref("ae:1.0.0")).directory();
    Set<String> before = names(root.resolve("_blobs"));
    assertEquals(0, here.collectGarbage(false, Duration.ZERO).count(Outcome.DELETED));
    assertEquals(before, names(root.resolve("_blobs")));

    here.remove(model("ae:1.0.0"));
    assertFalse(Files.exists(snapshot));
    assertEquals("[1.1.0]", here.versions(model("ae:1.1.0").name()).versions().keySet().toString());
    GarbageReport dry = here.collectGarbage(true, Duration.ZERO);
    assertEquals(before, names(root.resolve("_blobs")));
    GarbageReport report = here.collectGarbage(false, Duration.ZERO);
    assertEquals(dry, report);
    // In the layout the encoder, its proof, configuration and manifest; another model needs them.
    assertEquals(4, report.count(Outcome.DELETED), report.toString());
    assertEquals(before, names(root.resolve("_blobs")));
    assertEquals(
        names(root.resolve("_blobs")).size() - 4, names(root.resolve("library/ae/blobs")).size());
    assertEquals(links == Links.NEVER, report.freed() > 10_000, report.toString());
    assertSound(here);

    here.remove(model("lab/other:1.0.0"));
    report = here.collectGarbage(false, Duration.ZERO);
    assertTrue(report.freed() > 10_000, report.toString());
    assertFalse(Files.exists(pooled(one.resolve("encoder.onnx"))));
    assertEquals(
        names(root.resolve("library/ae/blobs")), names(root.resolve("_blobs")), "of ae:1.1.0");
    assertEquals(Set.of(), names(root.resolve("_gc")));
    assertEquals(Set.of(), names(root.resolve("_pins")));
    assertSound(here);
    assertEquals("1.1.0", here.pull(ref("ae")).model().version().toString());
  }

  @Test
  void shouldNeverGiveARemovedVersionOtherBytes() throws IOException {
    Digest digest = zoo.push(write("one"), model("ae:1.0.0")).digest();
    zoo.setAlias(model("ae:1.0.0"), new org.xrv.zoo.name.Tag.Alias("stable"));
    ProblemException e = assertThrows(ProblemException.class, () -> zoo.remove(model("ae:1.0.0")));
    assertEquals(ProblemKind.USAGE, e.kind());
    zoo.removeAlias(model("ae:1.0.0").name(), new org.xrv.zoo.name.Tag.Alias("stable"));
    assertEquals(digest, zoo.remove(model("ae:1.0.0")).digest());
    zoo.collectGarbage(false, Duration.ZERO);
    assertEquals(List.of(), zoo.list());
    assertThrows(ProblemException.class, () -> zoo.remove(model("ae:1.0.0")));
    e = assertThrows(ProblemException.class, () -> zoo.push(write("two"), model("ae:1.0.0")));
    assertEquals(ProblemKind.VERSION_EXISTS, e.kind());
    assertTrue(zoo.push(write("one"), model("ae:1.0.0")).isNew());
    assertFalse(zoo.push(write("one"), model("ae:1.0.0")).isNew());
    assertSound(zoo);
    assertEquals(digest, zoo.pull(ref("ae")).digest());
  }

  @Test
  void shouldKeepWhatIsYoungOrPinned() throws IOException {
    zoo.push(write("one"), model("ae:1.0.0"));
    Path young = orphan("young");
    Path old = orphan("old");
    GarbageReport report = zoo.collectGarbage(false, Duration.ofHours(1));
    assertEquals(2, report.count(Outcome.YOUNG));
    // The time of a link counts too where it can be told: a copy may have kept an old time.
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
    assertEquals(2, zoo.collectGarbage(false, Duration.ofHours(1)).count(Outcome.YOUNG));
    PartialFiles partial = new PartialFiles(root.resolve("_partial"));
    Pins pins = new Pins(root.resolve("_pins"), partial);
    try (Pins.Pin pin = pins.pin(List.of(new Digest(young.getFileName().toString())))) {
      pin.renew();
      report = zoo.collectGarbage(false, Duration.ZERO);
      assertEquals(1, report.count(Outcome.IN_USE), report.toString());
      assertEquals(1, report.count(Outcome.DELETED), report.toString());
    }
    assertTrue(Files.exists(young));
    assertFalse(Files.exists(old));
    assertEquals(5, zoo.collectGarbage(false, Duration.ZERO).freed());
  }

  @Test
  void shouldForgetThePinsOfKilledPrograms() throws IOException {
    orphan("orphan");
    PartialFiles partial = new PartialFiles(root.resolve("_partial"));
    Pins pins = new Pins(root.resolve("_pins"), partial);
    Digest digest = Digest.of(new byte[] {1});
    try (Pins.Pin pin = pins.pin(List.of(digest))) {
      pin.renew();
      Instant now = partial.now();
      assertEquals(Set.of(digest), pins.live(now));
      pins.clean(now);
      assertEquals(Set.of(digest), pins.live(now));
      Instant later = now.plus(Pins.KEPT).plusSeconds(60);
      assertEquals(Set.of(), pins.live(later));
      pins.clean(later);
      assertEquals(Set.of(), names(root.resolve("_pins")));
      pin.renew(); // it was asleep, not dead
      assertEquals(Set.of(digest), pins.live(partial.now()));
    }
    Files.writeString(root.resolve("_pins/strange"), "strange");
    ProblemException e =
        assertThrows(ProblemException.class, () -> zoo.collectGarbage(false, Duration.ZERO));
    assertTrue(e.getMessage().contains("strange"), e.getMessage());
  }

  @Test
  void shouldDeleteNothingWhenNobodyKnowsWhatAVersionNeeds() throws IOException {
    Digest digest = zoo.push(write("one"), model("ae:1.0.0")).digest();
    orphan("orphan");
    Path manifest = root.resolve("library/ae/blobs/sha256").resolve(digest.hex());
    byte[] bytes = Files.readAllBytes(manifest);
    for (boolean missing : new boolean[] {true, false}) {
      assertTrue(manifest.toFile().setWritable(true));
      if (missing) {
        Files.delete(manifest);
      } else {
        Files.write(manifest, new byte[] {'{', '}'});
      }
      Set<String> before = names(root);
      ProblemException e =
          assertThrows(ProblemException.class, () -> zoo.collectGarbage(false, Duration.ZERO));
      assertEquals(ProblemKind.DIGEST_MISMATCH, e.kind(), e.getMessage());
      assertEquals(before, names(root));
      Files.write(manifest, bytes);
    }
    assertEquals(1, zoo.collectGarbage(false, Duration.ZERO).count(Outcome.DELETED));
    assertSound(zoo);
  }

  @Test
  void shouldPutBackWhatAKilledCollectionMovedAside() throws IOException {
    Path one = write("one");
    Digest digest = zoo.push(one, model("ae:1.0.0")).digest();
    ZooPaths paths = new ZooPaths(root);
    Quarantine quarantine = new Quarantine(paths, Links.WHERE_POSSIBLE);
    Digest encoder = Digest.of(Files.readAllBytes(one.resolve("encoder.onnx")));
    for (Digest aside : List.of(digest, encoder)) {
      quarantine.take(new Quarantine.Place(java.util.Optional.empty(), aside));
      quarantine.take(new Quarantine.Place(java.util.Optional.of(model("ae:1.0.0").name()), aside));
    }
    orphan("orphan");
    Digest orphan = new Digest(orphan("orphan").getFileName().toString());
    quarantine.take(new Quarantine.Place(java.util.Optional.empty(), orphan));
    // A reader finds what it misses.
    assertEquals(digest, zoo.pull(ref("ae")).digest());
    quarantine.take(new Quarantine.Place(java.util.Optional.empty(), encoder));
    GarbageReport report = zoo.collectGarbage(false, Duration.ZERO);
    assertEquals(1, report.count(Outcome.PUT_BACK), report.toString());
    assertEquals(1, report.count(Outcome.DELETED), report.toString());
    assertEquals(Set.of(), names(root.resolve("_gc")));
    assertTrue(Files.exists(paths.pooled(encoder)));
    assertFalse(Files.exists(paths.pooled(orphan)));
    assertSound(zoo);
  }

  @Test
  void shouldDeleteLeftoversAndSnapshotsOfVersionsThatAreGone() throws IOException {
    zoo.push(write("one"), model("ae:1.0.0"));
    Path snapshot = zoo.pull(ref("ae")).directory();
    Path gone = snapshot.resolveSibling("0.9.0-0123456789ab");
    Files.createDirectories(gone.resolve("docs"));
    Files.writeString(gone.resolve("docs/README.md"), "gone");
    Path part = Files.writeString(root.resolve("_partial/x.part"), "part of something");
    GarbageReport report = zoo.collectGarbage(false, Duration.ofHours(1));
    assertEquals(2, report.count(Outcome.YOUNG), report.toString());
    report = zoo.collectGarbage(false, Duration.ZERO);
    assertEquals(1, report.count(Outcome.YOUNG), "a download may go on: " + report);
    assertTrue(Files.exists(part));
    assertFalse(Files.exists(gone));
    assertTrue(Files.exists(snapshot));
    assertEquals(4, report.freed());
    assertTrue(zoo.removeSnapshot(ref("ae")));
    assertFalse(Files.exists(snapshot));
    assertFalse(zoo.removeSnapshot(ref("ae")));
    assertEquals(snapshot, zoo.pull(ref("ae")).directory());
    assertSound(zoo);
  }

  @Test
  void shouldDoNothingWhereThereIsNoZoo() {
    assertEquals(new GarbageReport(List.of(), 0, 0, 0), zoo.collectGarbage(false, Duration.ZERO));
    assertFalse(Files.exists(root));
  }
}
