package org.xrv.zoo.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Published;
import org.xrv.zoo.store.Verification;

/** Versions leave one zoo as a bundle and arrive in another, or not at all. */
class BundleTest {
  private static final int SIZE = 2000;

  @TempDir Path folder;
  private LocalZoo zoo;
  private LocalZoo there;
  private Digest one;
  private Digest two;

  @BeforeEach
  void push() {
    zoo = new LocalZoo(folder.resolve("zoo"));
    there = new LocalZoo(folder.resolve("there"));
    one = push(zoo, "one", "ae:1.0.0");
    two = push(zoo, "two", "lab/other:2.0.0-rc.1");
  }

  private Digest push(LocalZoo into, String content, String model) {
    Path directory = Packages.write(folder.resolve(content), "{\"format\":1}", content, SIZE);
    return into.push(directory, ModelVersion.parse(model)).digest();
  }

  private static ModelReference ref(String text) {
    return ModelReference.parse(text);
  }

  private Path export(String name, Set<Digest> known, String... references) {
    Path out = folder.resolve(name);
    Export.write(zoo, Stream.of(references).map(ModelReference::parse).toList(), out, known);
    return out;
  }

  private Path exportBoth(String name) {
    return export(name, Set.of(), "lab/other:2.0.0-rc.1", "ae");
  }

  private static List<Published> take(LocalZoo into, Path path) {
    try (Bundle bundle = Bundle.open(path)) {
      return into.adopt(bundle.versions(), bundle);
    }
  }

  private static String refused(ProblemKind kind, Executable what) {
    ProblemException e = assertThrows(ProblemException.class, what);
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text + " should contain " + part);
  }

  private void assertNothingThere() throws IOException {
    assertEquals(List.of(), there.list());
    Path partial = there.root().resolve("_partial");
    if (Files.exists(partial)) {
      try (Stream<Path> left = Files.list(partial)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.tar", "b"})
  void shouldArriveAsTheyLeft(String name) throws IOException {
    Path bundle = exportBoth(name);
    assertEquals(
        List.of(
            new Published(ModelVersion.parse("lab/other:2.0.0-rc.1"), two, true),
            new Published(ModelVersion.parse("ae:1.0.0"), one, true)),
        take(there, bundle));
    assertTrue(take(there, bundle).stream().noneMatch(Published::isNew));
    assertTrue(there.verifyAll().stream().allMatch(Verification::isSound));
    Path directory = there.pull(ref("ae@" + one)).directory();
    for (String file : List.of("encoder.onnx", "docs/README.md")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("one").resolve(file)),
          Files.readAllBytes(directory.resolve(file)));
    }
  }

  @Test
  void shouldHaveTheSameBytesForTheSameVersions() throws IOException {
    byte[] first = Files.readAllBytes(exportBoth("first.tar"));
    zoo = new LocalZoo(folder.resolve("elsewhere"));
    push(zoo, "two", "lab/other:2.0.0-rc.1");
    push(zoo, "three", "ae:0.1.0");
    push(zoo, "one", "ae:1.0.0");
    Path second = export("second.tar", Set.of(), "ae", "lab/other:2.0.0-rc.1", "ae:1", "ae:1.0.0");
    assertArrayEquals(first, Files.readAllBytes(second));
    // Nobody's name and no time: the header of the first member has its zeros where they belong.
    assertEquals("00000000000", new String(first, 136, 11, StandardCharsets.US_ASCII));
    assertEquals("\0".repeat(64), new String(first, 265, 64, StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.tar", "b", "zoo"})
  void shouldBePulledFromDirectly(String name) {
    push(zoo, "three", "ae:1.1.0");
    push(zoo, "four", "ae:2.0.0-rc.1");
    Path source =
        name.equals("zoo")
            ? zoo.root()
            : export(name, Set.of(), "ae:1.0.0", "ae:1.1.0", "ae:2.0.0-rc.1");
    try (Bundle bundle = Bundle.open(source)) {
      assertEquals("ae:1.1.0", Selection.find(bundle, ref("ae")).model().toString());
      assertEquals("ae:1.1.0", Selection.find(bundle, ref("ae:1")).model().toString());
      assertEquals("ae:1.0.0", Selection.find(bundle, ref("ae@" + one)).model().toString());
      refused(ProblemKind.DIGEST_MISMATCH, () -> Selection.find(bundle, ref("ae:1.1@" + one)));
      assertContains(
          "ae:1.0.0, ae:1.1.0",
          refused(ProblemKind.NOT_FOUND, () -> Selection.find(bundle, ref("ae:3.0.0"))));
      there.adopt(List.of(Selection.find(bundle, ref("ae:1.0"))), bundle);
    }
    assertEquals(one, there.pull(ref("ae")).digest());
    assertEquals(1, there.list().get(0).versions().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "zoo", "list"})
  void shouldLeaveOutWhatTheReceiverHas(String kind) throws IOException {
    Path base = export("base.tar", Set.of(), "ae");
    take(there, base);
    Path since = kind.equals("zoo") ? there.root() : base;
    if (kind.equals("list")) {
      since = folder.resolve("have.txt");
      try (Stream<Path> blobs = Files.list(there.root().resolve("_blobs/sha256"))) {
        Files.write(since, blobs.map(b -> b.getFileName().toString()).toList());
      }
    }
    Path delta = folder.resolve("delta.tar");
    Exported exported =
        Export.write(zoo, List.of(ref("lab/other:2.0.0-rc.1")), delta, KnownBlobs.of(since));
    // The decoder, the card and the description are the same; the encoder and its proof are not.
    assertEquals(3, exported.leftOut());
    assertTrue(Files.size(delta) < Files.size(base));
    LocalZoo empty = new LocalZoo(folder.resolve("empty"));
    assertContains("--since", refused(ProblemKind.NOT_FOUND, () -> take(empty, delta)));
    assertEquals(List.of(), empty.list());
    take(there, delta);
    assertTrue(there.verifyAll().stream().allMatch(Verification::isSound));
    assertEquals(two, there.pull(ref("lab/other@" + two)).digest());
  }

  @Test
  void shouldNotBuildADeltaOnDamagedBlobs() throws IOException {
    take(there, export("base.tar", Set.of(), "ae"));
    Path delta =
        export("delta.tar", KnownBlobs.of(folder.resolve("base.tar")), "lab/other:2.0.0-rc.1");
    Digest decoder = Digest.of(Files.readAllBytes(folder.resolve("one/decoder.onnx")));
    Path pooled = there.root().resolve("_blobs/sha256").resolve(decoder.hex());
    assertTrue(pooled.toFile().setWritable(true));
    Files.write(pooled, new byte[SIZE]);
    assertContains(decoder.toString(), refused(ProblemKind.NOT_FOUND, () -> take(there, delta)));
    assertEquals(1, there.list().size());
    take(there, folder.resolve("base.tar"));
    take(there, delta);
    assertEquals(2, there.list().size());
    assertTrue(there.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldPublishNothingOfABundleWithAContestedVersion() {
    Digest mine = push(there, "mine", "lab/other:2.0.0-rc.1");
    Path bundle = exportBoth("b.tar");
    assertContains(mine.toString(), refused(ProblemKind.VERSION_EXISTS, () -> take(there, bundle)));
    assertEquals(1, there.list().size());
    assertEquals(mine, there.resolve(ref("lab/other:2.0.0-rc.1")).digest());
  }

  @Test
  void shouldNoticeAFlippedBit() throws IOException {
    flipBits(307);
  }

  @Test
  @Tag("slow")
  void shouldNoticeManyFlippedBits() throws IOException {
    flipBits(13);
  }

  private void flipBits(int step) throws IOException {
    byte[] sound = Files.readAllBytes(exportBoth("b.tar"));
    Path damaged = folder.resolve("damaged.tar");
    int refused = 0;
    int harmless = 0;
    for (int at = 3; at < sound.length; at += step) {
      byte[] bytes = sound.clone();
      bytes[at] ^= (byte) (1 << (at % 8));
      Files.write(damaged, bytes);
      there = new LocalZoo(folder.resolve("there-" + at));
      try {
        assertEquals(2, take(there, damaged).size());
        // Between the members, nothing is anybody's.
        assertEquals(one, there.resolve(ref("ae:1.0.0")).digest());
        assertEquals(two, there.resolve(ref("lab/other:2.0.0-rc.1")).digest());
        harmless++;
      } catch (ProblemException e) {
        assertTrue(
            Set.of(ProblemKind.DIGEST_MISMATCH, ProblemKind.NOT_FOUND, ProblemKind.BAD_DATA)
                .contains(e.kind()),
            e.getMessage());
        assertNothingThere();
        refused++;
      }
    }
    assertTrue(refused > 20 && harmless > 3, refused + " refused, " + harmless + " harmless");
  }

  @Test
  void shouldNoticeEveryChangedByteOfTheIndex() throws IOException {
    Path index = exportBoth("b").resolve("index.json");
    byte[] sound = Files.readAllBytes(index);
    for (int at = 0; at < sound.length; at++) {
      byte[] bytes = sound.clone();
      bytes[at] ^= 1;
      Files.write(index, bytes);
      try (Bundle bundle = Bundle.open(folder.resolve("b"))) {
        // What is not noticed here names the same versions and digests.
        Set<String> found = new HashSet<>();
        bundle.versions().forEach(v -> found.add(v.model() + "@" + v.manifest().digest()));
        assertEquals(Set.of("ae:1.0.0@" + one, "lab/other:2.0.0-rc.1@" + two), found, "byte " + at);
      } catch (ProblemException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
  }

  @Test
  void shouldPublishNothingOfAnArchiveThatWasCutOff() throws IOException {
    byte[] whole = Files.readAllBytes(exportBoth("b.tar"));
    Path cut = folder.resolve("cut.tar");
    int end = whole.length;
    while (whole[end - 1] == 0) {
      end--;
    }
    for (int length = 0; length < end; length += 701) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThrows(ProblemException.class, () -> take(there, cut), "cut at " + length);
      assertNothingThere();
    }
    Files.write(cut, Arrays.copyOf(whole, end - 1));
    refused(ProblemKind.DIGEST_MISMATCH, () -> take(there, cut));
  }

  /** A sound bundle to which something is added. */
  private Path with(TarArchiveEntry member, byte[] content) throws IOException {
    byte[] sound = Files.readAllBytes(exportBoth("b.tar"));
    Path hostile = folder.resolve("hostile.tar");
    try (OutputStream out = Files.newOutputStream(hostile)) {
      TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      member.setSize(content.length);
      tar.putArchiveEntry(member);
      tar.write(content);
      tar.closeArchiveEntry();
      tar.flush();
      out.write(sound);
    }
    return hostile;
  }

  @Test
  void shouldRefuseLinksAndPathsThatLeadElsewhere() throws IOException {
    for (byte type : new byte[] {'1', '2', '3', '4', '6'}) {
      Path hostile = with(new TarArchiveEntry("innocent", type), new byte[0]);
      assertContains("link or a device", refused(ProblemKind.BAD_DATA, () -> take(there, hostile)));
    }
    byte[] content = {1};
    for (String name : List.of("../outside", "blobs/../../outside", "..", "a\\..\\b")) {
      TarArchiveEntry member = new TarArchiveEntry("x");
      member.setName(name);
      Path hostile = with(member, content);
      assertContains("leads elsewhere", refused(ProblemKind.BAD_DATA, () -> take(there, hostile)));
    }
    Path absolute = with(new TarArchiveEntry("/etc/outside", true), content);
    assertContains("leads elsewhere", refused(ProblemKind.BAD_DATA, () -> take(there, absolute)));
    Path twice = with(new TarArchiveEntry("index.json"), content);
    assertContains("two members", refused(ProblemKind.BAD_DATA, () -> take(there, twice)));
    Path sparse = with(new TarArchiveEntry("big", (byte) 'S'), new byte[0]);
    assertContains("sparse", refused(ProblemKind.BAD_DATA, () -> take(there, sparse)));
    assertNothingThere();
    // What other tools add is in nobody's way.
    assertEquals(2, take(there, with(new TarArchiveEntry("manifest.json"), content)).size());
  }

  @Test
  void shouldNotFollowLinksInADirectory() throws IOException {
    Path bundle = exportBoth("b");
    Path encoder =
        bundle.resolve(
            LayoutNames.of(Digest.of(Files.readAllBytes(folder.resolve("one/encoder.onnx")))));
    Files.delete(encoder);
    Files.createSymbolicLink(encoder, folder.resolve("one/encoder.onnx"));
    refused(ProblemKind.NOT_FOUND, () -> take(there, bundle));
    assertNothingThere();
  }

  @Test
  void shouldRefuseABombOfHeaders() throws IOException {
    Path bomb = folder.resolve("bomb.tar");
    byte[] header = new byte[512];
    new TarArchiveEntry("blobs/x").writeEntryHeader(header);
    try (OutputStream out =
        new java.io.BufferedOutputStream(Files.newOutputStream(bomb), 1 << 16)) {
      for (int i = 0; i < 100_000; i++) {
        out.write(header);
      }
    }
    assertContains(
        "more or longer headers", refused(ProblemKind.DIGEST_MISMATCH, () -> take(there, bomb)));
  }

  @Test
  void shouldSayWhatIsNoBundle() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "hello");
    assertContains("no tar archive", refused(ProblemKind.BAD_DATA, () -> take(there, text)));
    Path zipped = Files.write(folder.resolve("b.tgz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
    assertContains("compressed", refused(ProblemKind.BAD_DATA, () -> take(there, zipped)));
    refused(ProblemKind.NOT_FOUND, () -> take(there, folder.resolve("none.tar")));
    assertContains(
        "neither", refused(ProblemKind.BAD_DATA, () -> take(there, folder.resolve("one"))));
    assertContains("line 1", refused(ProblemKind.BAD_DATA, () -> KnownBlobs.of(text)));
    // A single model of a zoo has versions for names.
    assertContains(
        "none of a zoo",
        refused(ProblemKind.BAD_DATA, () -> take(there, zoo.root().resolve("library/ae"))));
    assertNothingThere();
  }

  @Test
  void shouldExportWholeOrNotAtAll() throws IOException {
    refused(ProblemKind.NOT_FOUND, () -> export("b.tar", Set.of(), "ae", "none"));
    refused(ProblemKind.USAGE, () -> export("b.tar.gz", Set.of(), "ae"));
    exportBoth("taken");
    refused(ProblemKind.DISK, () -> exportBoth("taken"));
    Path encoder = zoo.pull(ref("ae")).directory().resolve("encoder.onnx");
    assertTrue(encoder.toFile().setWritable(true));
    byte[] bytes = Files.readAllBytes(encoder);
    bytes[SIZE / 2] ^= 1;
    Files.write(encoder, bytes);
    for (String name : List.of("b.tar", "b")) {
      assertContains(
          "push the version again",
          refused(ProblemKind.DIGEST_MISMATCH, () -> export(name, Set.of(), "ae")));
      assertFalse(Files.exists(folder.resolve(name)));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertTrue(left.noneMatch(f -> f.getFileName().toString().startsWith(".tmp-")));
    }
    assertNotEquals(one, two);
  }
}
