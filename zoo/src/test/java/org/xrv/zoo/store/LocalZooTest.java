package org.xrv.zoo.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xrv.zoo.store.Packages.model;
import static org.xrv.zoo.store.Packages.ref;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.zoo.name.Digest;
import org.xrv.zoo.name.ModelName;

/** Publishing and pulling, on file systems with and without hard links. */
class LocalZooTest {
  @TempDir Path folder;
  private Path one;
  private Path two;
  private Path root;
  private LocalZoo zoo;

  @BeforeEach
  void prepare() {
    one = Packages.write(folder.resolve("one"), "one");
    two = Packages.write(folder.resolve("two"), "two");
    root = folder.resolve("zoo");
    zoo = new LocalZoo(root);
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

  private Path blob(String file) throws IOException {
    return root.resolve("library/ae/blobs/sha256")
        .resolve(Digest.of(Files.readAllBytes(one.resolve(file))).hex());
  }

  private static void damage(Path file, byte[] bytes) throws IOException {
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, bytes);
  }

  private static void flipBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    damage(file, bytes);
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(directory::relativize).sorted().toList();
    }
  }

  private static void assertSameFiles(Path expected, Path actual) throws IOException {
    assertEquals(files(expected), files(actual));
    for (Path file : files(expected)) {
      assertArrayEquals(
          Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(actual.resolve(file)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldPullWhatWasPushed(Links links) throws IOException {
    LocalZoo here = new LocalZoo(root, links, Clock.systemUTC());
    Published published = here.push(one, model("ae:1.0.0"));
    Snapshot snapshot = here.pull(ref("ae"));
    assertEquals(published.digest(), snapshot.digest());
    assertEquals(
        root.resolve("_snapshots/library/ae/1.0.0-" + published.digest().hex().substring(0, 12)),
        snapshot.directory());
    assertSameFiles(one, snapshot.directory());
    assertEquals(snapshot, here.pull(ref("ae:1.0.0@" + published.digest())));
    assertEquals(snapshot, here.pulled(ref("ae@" + published.digest())));
    for (Path file : files(snapshot.directory())) {
      Path own = snapshot.directory().resolve(file);
      assertFalse(Files.getPosixFilePermissions(own).toString().contains("WRITE"), file + "");
      assertEquals(links == Links.WHERE_POSSIBLE, Files.isSameFile(own, blobOf(own)));
    }
    assertEquals(List.of(), files(root.resolve("_partial")));
  }

  private Path blobOf(Path file) throws IOException {
    return root.resolve("_blobs/sha256").resolve(Digest.of(Files.readAllBytes(file)).hex());
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeTheSameFilesTwiceAndRefuseOthers(Links links) {
    LocalZoo here = new LocalZoo(root, links, Clock.systemUTC());
    Published first = here.push(one, model("ae:1.0.0"));
    assertTrue(first.isNew());
    Published again = here.push(one, model("ae:1.0.0"));
    assertFalse(again.isNew());
    assertEquals(first.digest(), again.digest());
    String message = refused(ProblemKind.VERSION_EXISTS, () -> here.push(two, model("ae:1.0.0")));
    assertContains(first.digest().toString(), message);
    Digest other = here.push(two, model("ae:1.0.1")).digest();
    assertContains(other.toString(), message);
    assertEquals(first.digest(), here.resolve(ref("ae:1.0.0")).digest());
  }

  @Test
  void shouldGiveTheSameFilesTheSameDigest() throws IOException {
    Path copy = folder.resolve("copy");
    for (Path file : files(one)) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.copy(one.resolve(file), copy.resolve(file));
    }
    Digest digest = zoo.push(one, model("ae:1.0.0")).digest();
    LocalZoo elsewhere = new LocalZoo(folder.resolve("elsewhere"));
    assertEquals(digest, elsewhere.push(copy, model("other:2.0.0")).digest());
    assertNotEquals(digest, elsewhere.push(two, model("other:2.0.1")).digest());
  }

  @Test
  void shouldStoreSharedBytesOnce() throws IOException {
    zoo.push(one, model("ae:1.0.0"));
    zoo.push(two, model("lab/other:1.0.0"));
    Path decoder = blob("decoder.onnx");
    assertTrue(
        Files.isSameFile(
            decoder, root.resolve("lab/other/blobs/sha256").resolve(decoder.getFileName())));
  }

  @Test
  void shouldFindTheHighestVersionThatIsNoPreRelease() {
    for (String version : List.of("1.2.0", "1.10.0", "1.9.3", "2.0.0-rc.1", "0.1.0")) {
      zoo.push(one, model("ae:" + version));
    }
    assertEquals(model("ae:1.10.0"), zoo.resolve(ref("ae")).model());
    assertEquals(model("ae:1.10.0"), zoo.resolve(ref("ae:latest")).model());
    assertEquals(model("ae:1.10.0"), zoo.resolve(ref("ae:1")).model());
    assertEquals(model("ae:1.9.3"), zoo.resolve(ref("ae:1.9")).model());
    assertEquals(model("ae:2.0.0-rc.1"), zoo.resolve(ref("ae:2.0.0-rc.1")).model());
    refused(ProblemKind.NOT_FOUND, () -> zoo.resolve(ref("ae:2")));
    zoo.push(one, model("early:0.1.0-a"));
    assertContains(
        "pre-releases only", refused(ProblemKind.NOT_FOUND, () -> zoo.resolve(ref("early"))));
  }

  @Test
  void shouldSayWhatThereIsInsteadOfAnUnknownModel() {
    assertContains("empty", refused(ProblemKind.NOT_FOUND, () -> zoo.pull(ref("ae"))));
    zoo.push(one, model("ae-resnet101:1.0.0"));
    zoo.push(one, model("lab/densenet:1.0.0"));
    String message = refused(ProblemKind.NOT_FOUND, () -> zoo.pull(ref("ae-resnet11")));
    assertContains("did you mean 'ae-resnet101'?", message);
    assertContains("lab/densenet", message);
    assertContains(
        "did you mean '1.0.0'?",
        refused(ProblemKind.NOT_FOUND, () -> zoo.pull(ref("ae-resnet101:1.0.1"))));
    assertContains(
        "pull it first", refused(ProblemKind.NOT_FOUND, () -> zoo.pulled(ref("ae-resnet101"))));
  }

  @Test
  void shouldRefuseATagAndADigestThatDoNotAgree() {
    zoo.push(one, model("ae:1.0.0"));
    Digest other = zoo.push(two, model("ae:2.0.0")).digest();
    refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.pull(ref("ae:1.0.0@" + other)));
    assertEquals(model("ae:2.0.0"), zoo.pull(ref("ae@" + other)).model());
    refused(ProblemKind.NOT_FOUND, () -> zoo.pull(ref("ae@" + Digest.of(new byte[] {1}))));
  }

  @ParameterizedTest
  @EnumSource
  void shouldNoticeAFlippedBitAndHealWhenPushedAgain(Links links) throws IOException {
    LocalZoo here = new LocalZoo(root, links, Clock.systemUTC());
    here.push(one, model("ae:1.0.0"));
    here.pull(ref("ae"));
    flipBit(blob("encoder.onnx"));
    String message = refused(ProblemKind.DIGEST_MISMATCH, () -> here.pull(ref("ae")));
    assertContains("encoder.onnx", message);
    assertContains(blob("encoder.onnx").toString(), message);
    assertContains("push the version again", message);
    Verification verification = here.verifyAll().get(0);
    assertEquals(ProblemKind.DIGEST_MISMATCH, verification.problem().orElseThrow().kind());
    assertFalse(here.push(one, model("ae:1.0.0")).isNew());
    assertSameFiles(one, here.pull(ref("ae")).directory());
    assertTrue(here.verifyAll().stream().allMatch(Verification::isSound));
  }

  @Test
  void shouldNoticeATruncatedBlob() throws IOException {
    zoo.push(one, model("ae:1.0.0"));
    damage(blob("decoder.onnx"), new byte[9_999]);
    assertContains(
        "has 9999 bytes instead of 10000",
        refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.pull(ref("ae"))));
  }

  @Test
  void shouldNoticeAMissingBlob() throws IOException {
    Digest digest = zoo.push(one, model("ae:1.0.0")).digest();
    Files.delete(blob("xrv-model.json"));
    assertContains("is missing", refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.show(ref("ae"))));
    Files.delete(root.resolve("library/ae/blobs/sha256").resolve(digest.hex()));
    assertContains("the manifest", refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.pull(ref("ae"))));
    zoo.push(one, model("ae:1.0.0"));
    assertTrue(zoo.verify(ref("ae")).isSound());
  }

  @Test
  void shouldNoticeOtherBytesUnderTheManifestsName() throws IOException {
    Digest digest = zoo.push(one, model("ae:1.0.0")).digest();
    Path manifest = root.resolve("library/ae/blobs/sha256").resolve(digest.hex());
    String text = Files.readString(manifest);
    damage(manifest, text.replace("encoder", "encodes").getBytes(StandardCharsets.UTF_8));
    refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.pull(ref("ae")));
    refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.show(ref("ae")));
  }

  @Test
  void shouldNotReuseADamagedBlobOfThePoolForAnotherModel() throws IOException {
    zoo.push(one, model("ae:1.0.0"));
    flipBit(blob("decoder.onnx"));
    zoo.push(two, model("other:1.0.0"));
    assertSameFiles(two, zoo.pull(ref("other")).directory());
    refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.pull(ref("ae")));
  }

  @ParameterizedTest
  @EnumSource
  void shouldMakeADamagedSnapshotAnew(Links links) throws IOException {
    LocalZoo here = new LocalZoo(root, links, Clock.systemUTC());
    here.push(one, model("ae:1.0.0"));
    Path directory = here.pull(ref("ae")).directory();
    Files.delete(directory.resolve("encoder.onnx"));
    Files.writeString(directory.resolve("encoder.onnx"), "other bytes");
    Files.writeString(directory.resolve("more.txt"), "more");
    Verification damaged = here.verify(ref("ae"));
    assertContains("pull it again", damaged.problem().orElseThrow().getMessage());
    assertEquals(directory, here.pull(ref("ae")).directory());
    assertSameFiles(one, directory);
    assertTrue(here.verify(ref("ae")).isSound());
  }

  @Test
  void shouldBeAnImageLayoutWhoseIndexIsDerived() throws IOException {
    zoo.push(one, model("ae:1.0.0"));
    zoo.push(two, model("ae:1.1.0-rc.1"));
    Path layout = root.resolve("library/ae");
    assertEquals(
        "{\"imageLayoutVersion\":\"1.0.0\"}", Files.readString(layout.resolve("oci-layout")));
    String index = Files.readString(layout.resolve("index.json"));
    assertContains("\"org.opencontainers.image.ref.name\":\"1.0.0\"", index);
    assertContains("\"org.opencontainers.image.ref.name\":\"1.1.0-rc.1\"", index);
    Files.delete(layout.resolve("index.json"));
    assertEquals(model("ae:1.0.0"), zoo.pull(ref("ae")).model(), "the index is not needed");
    assertTrue(zoo.verifyAll().stream().allMatch(Verification::isSound));
    assertEquals(index, Files.readString(layout.resolve("index.json")));
    Files.writeString(layout.resolve("index.json"), "{}");
    zoo.push(one, model("ae:1.0.0"));
    assertEquals(index, Files.readString(layout.resolve("index.json")));
  }

  @Test
  void shouldListAndShow() throws IOException {
    zoo.push(two, model("ae:1.0.0"));
    zoo.push(one, model("ae:0.9.0"));
    zoo.push(one, model("lab/ae:3.0.0"));
    assertEquals(
        List.of("ae [0.9.0, 1.0.0]", "lab/ae [3.0.0]"),
        zoo.list().stream().map(m -> m.name() + " " + m.versions().keySet()).sorted().toList());
    assertEquals(2, zoo.versions(ModelName.parse("ae")).versions().size());
    ModelDetails details = zoo.show(ref("ae"));
    assertEquals(
        List.of("decoder.onnx", "docs/README.md", "encoder.onnx", "parity.json", "xrv-model.json"),
        details.files().stream().map(f -> f.path().text()).toList());
    assertEquals("{\"format\":1}\n", details.description());
    assertEquals(
        10_000 + 18 + 10_000 + 13 + Files.size(two.resolve("parity.json")), details.size());
  }

  @Test
  void shouldRefuseWhatIsNoPackage() throws IOException {
    refused(ProblemKind.BAD_DATA, () -> zoo.push(folder.resolve("none"), model("ae:1.0.0")));
    Path link = one.resolve("link.onnx");
    Files.createSymbolicLink(link, one.resolve("encoder.onnx"));
    assertContains(
        "symbolic link", refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0"))));
    Files.delete(link);
    Path linkedDirectory = one.resolve("weights");
    Files.createSymbolicLink(linkedDirectory, two);
    refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0")));
    Files.delete(linkedDirectory);
    Path empty = Files.createDirectory(one.resolve("empty"));
    assertContains(
        "empty directory", refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0"))));
    Files.delete(empty);
    Path portable = Files.writeString(one.resolve("a\\b"), "");
    refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0")));
    Files.delete(portable);
    Path upper = Files.writeString(one.resolve("Encoder.onnx"), "");
    assertContains(
        "one file on some systems",
        refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0"))));
    Files.delete(upper);
    Files.delete(one.resolve("xrv-model.json"));
    assertContains(
        "xrv-model.json", refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0"))));
    assertEquals(List.of(), zoo.list());
    assertFalse(Files.exists(root), "nothing was written");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[1]",
        "{\"name\":\"ae\"",
        "{\"name\":\"ae\",\"name\":\"ae\"}",
        "{} {}",
        "{\"name\":\"other\"}",
        "{\"name\":\"lab/ae\"}",
        "{\"version\":\"1.0.1\"}",
        "{\"version\":1}"
      })
  void shouldRefuseADescriptionThatIsBadOrOfAnotherModel(String description) throws IOException {
    Files.writeString(one.resolve("xrv-model.json"), description);
    assertContains(
        "xrv-model.json", refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0"))));
  }

  @Test
  void shouldRefuseADescriptionThatIsTooDeepOrTooLong() throws IOException {
    Files.writeString(
        one.resolve("xrv-model.json"), "{\"a\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}");
    refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0")));
    Files.writeString(one.resolve("xrv-model.json"), "{}" + " ".repeat(5 << 20));
    refused(ProblemKind.BAD_DATA, () -> zoo.push(one, model("ae:1.0.0")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"ae\",\"version\":\"1.0.0\"}",
        "{\"name\":\"library/ae\"}",
        "{\"name\":\"\",\"version\":\"\"}",
        "{\"name\":null}"
      })
  void shouldTakeADescriptionOfThisModel(String description) throws IOException {
    Files.writeString(one.resolve("xrv-model.json"), description);
    zoo.push(one, model("ae:1.0.0"));
    assertTrue(zoo.verify(ref("ae")).isSound());
  }

  @Test
  void shouldNotHandOutAModelUnderAnothersName() throws IOException {
    Files.writeString(one.resolve("xrv-model.json"), "{\"version\":\"1.0.0\"}");
    zoo.push(one, model("ae:1.0.0"));
    // A rollback by somebody who can write version files.
    Files.copy(
        root.resolve("library/ae/_refs/versions/1.0.0"),
        root.resolve("library/ae/_refs/versions/2.0.0"));
    assertContains(
        "describes ae:1.0.0, not ae:2.0.0",
        refused(ProblemKind.BAD_DATA, () -> zoo.pull(ref("ae"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "/etc/evil", "a//b", "a/../b", "C:evil", "con", "a\u0000"})
  void shouldNeverWriteOutsideOfASnapshot(String path) {
    assertEquals(
        ProblemKind.BAD_DATA,
        assertThrows(ProblemException.class, () -> new PackagePath(path)).kind());
  }

  @Test
  void shouldRefuseAManifestThatIsNone() {
    for (String manifest :
        List.of(
            "",
            "[]",
            "{}",
            "{\"schemaVersion\":2,\"artifactType\":\"" + Manifest.ARTIFACT_TYPE + "\"}",
            "{\"schemaVersion\":2,\"artifactType\":\""
                + Manifest.ARTIFACT_TYPE
                + "\",\"config\":{},\"layers\":[]}",
            "{\"schemaVersion\":2,\"artifactType\":\""
                + Manifest.ARTIFACT_TYPE
                + "\",\"layers\":[{\"mediaType\":\"x.tar\"}]}")) {
      refused(
          ProblemKind.BAD_DATA,
          () -> Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8), "the manifest"));
    }
  }

  @Test
  void shouldSayThatAnUnfinishedVersionFileIsNone() throws IOException {
    zoo.push(one, model("ae:1.0.0"));
    Path ref = Files.writeString(root.resolve("library/ae/_refs/versions/1.1.0"), "");
    assertEquals(model("ae:1.0.0"), zoo.resolve(ref("ae")).model());
    assertContains(
        "delete the file", refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.pull(ref("ae:1.1.0"))));
    assertEquals(1, zoo.verifyAll().stream().filter(v -> !v.isSound()).count());
    refused(ProblemKind.DIGEST_MISMATCH, () -> zoo.push(one, model("ae:1.1.0")));
    Files.delete(ref);
    assertTrue(zoo.push(one, model("ae:1.1.0")).isNew());
  }

  @Test
  void shouldCleanUpAfterKilledProgramsButNotAfterLivingOnes() throws IOException {
    zoo.push(one, model("ae:1.0.0"));
    Path old = Files.writeString(root.resolve("_partial/abc.1.part"), "half");
    Path directory = Files.createDirectories(root.resolve("_partial/snapshot.2.part"));
    Files.writeString(directory.resolve("encoder.onnx"), "half");
    Path living = Files.writeString(root.resolve("_partial/abc.3.part"), "half");
    Duration later = Duration.ofHours(25);
    Files.setLastModifiedTime(living, FileTime.from(Instant.now().plus(later)));
    zoo.push(two, model("ae:2.0.0"));
    assertTrue(Files.exists(old) && Files.exists(directory), "they may still be written");
    LocalZoo tomorrow =
        new LocalZoo(root, Links.WHERE_POSSIBLE, Clock.offset(Clock.systemUTC(), later));
    tomorrow.push(two, model("ae:3.0.0"));
    assertFalse(Files.exists(old));
    assertFalse(Files.exists(directory));
    assertTrue(Files.exists(living));
  }

  @Test
  void shouldLogWhatWasPublished() throws IOException {
    Digest digest = zoo.push(one, model("ae:1.0.0")).digest();
    zoo.push(one, model("ae:1.0.0"));
    Path log = root.resolve("library/ae/_refs/log");
    assertEquals(1, files(log).size());
    String event = Files.readString(log.resolve(files(log).get(0)));
    assertContains("\"version\":\"1.0.0\"", event);
    assertContains(digest.toString(), event);
  }
}
