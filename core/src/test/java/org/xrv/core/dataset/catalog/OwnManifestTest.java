package org.xrv.core.dataset.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Finding;
import org.xrv.core.dataset.ImageFixtures;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.cache.CacheWriter;
import org.xrv.core.dataset.cache.PixelEncoding;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/** A hospital writes a manifest for its own files: no code, and every command takes it. */
class OwnManifestTest {
  private static final String MANIFEST =
      """
      manifest: 1
      name: stmary
      title: St Mary's films
      licence: internal
      redistributable: false
      agreement: ethics vote 12
      images: {folders: [films], extensions: [png]}
      table:
        files: [films.csv]
        columns: {image: [file], labels: [diagnosis], patient: [case], view: [projection]}
      labels: {separator: ";", none: none, targets: [Mass, Effusion], spellings: {Tumour: Mass}}
      variants:
        eighth: {filters: {case: {column: patient, in: ["8"], reason: not case 8}}}
      """;

  @TempDir Path directory;
  private Path manifest;
  private Path root;

  @BeforeEach
  void hospital() throws IOException {
    manifest = Files.writeString(directory.resolve("own.yaml"), MANIFEST);
    root = Files.createDirectory(directory.resolve("data"));
    Files.writeString(
        root.resolve("films.csv"),
        "file,diagnosis,case,projection\na.png,Tumour;Effusion,7,PA\nb.png,none,8,PA\n");
    ImageFixtures.gray(root.resolve("films/a.png"), 40);
    ImageFixtures.gray(root.resolve("films/b.png"), 60);
  }

  private Dataset open(String... names) {
    return Datasets.open(List.of(names), Optional.of(root), Set.of(), 1, 3, line -> {});
  }

  private ProblemException problem(String... names) {
    ProblemException e = assertThrows(ProblemException.class, () -> open(names));
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e;
  }

  @Test
  void shouldReadWhatTheManifestDescribes() {
    Dataset films = open(manifest.toString());
    assertEquals("stmary", films.name());
    assertEquals(2, films.samples().size());
    Sample first = films.samples().get(0);
    assertEquals("stmary:7", first.patient());
    assertEquals(Map.of("Mass", Finding.PRESENT, "Effusion", Finding.PRESENT), first.labels());
    assertEquals(Finding.ABSENT, films.samples().get(1).label("Mass"));
    assertTrue(films.provenance().contains(manifest.toString()), films.provenance());
  }

  @Test
  void shouldStandBesideBuiltInSets() {
    assertEquals(5, open("phantom", manifest.toString()).samples().size());
    assertEquals("phantom-stmary", Datasets.label(List.of("phantom", manifest.toString())));
    assertEquals("mimic-train", Datasets.label(List.of("mimic/train")));
  }

  @Test
  void shouldFillACacheThatIsKnownByTheNameAndStaleWhenTheManifestChanges() throws IOException {
    var source =
        new PackedCaches.Source(List.of(manifest.toString()), Optional.of(root), Set.of(), 1, 3);
    Path cache = directory.resolve("cache");
    Dataset films = source.open(line -> {});
    new CacheWriter(
            films, PackedCaches.settings(source, 16, PixelEncoding.FLOAT32, false), 1, false)
        .write(cache, PackedCachesTest.SILENT);
    Path moved = Files.move(manifest, directory.resolve("moved.yml"));
    var fromElsewhere =
        new PackedCaches.Source(List.of(moved.toString()), Optional.of(root), Set.of(), 1, 3);
    Dataset cached = PackedCaches.open(cache, fromElsewhere, 16, line -> {});
    assertArrayEquals(
        films.image(films.samples().get(0), 16).pixels(),
        cached.image(cached.samples().get(0), 16).pixels());

    Files.writeString(moved, MANIFEST.replace("Tumour: Mass", "Neoplasm: Mass, Tumour: Mass"));
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> PackedCaches.open(cache, fromElsewhere, 16, line -> {}));
    assertTrue(e.getMessage().contains("stale"), e.getMessage());
  }

  @Test
  void shouldTakeAVariantBehindTheFile() {
    Dataset eighth = open(manifest + "/eighth");
    assertEquals("stmary/eighth", eighth.name());
    assertEquals(List.of("b.png"), eighth.samples().stream().map(Sample::id).toList());
    String message = problem(manifest + "/eigth").getMessage();
    assertTrue(message.contains("did you mean 'stmary/eighth'?"), message);
  }

  @Test
  void shouldSayWhatIsWrongWithTheFile() throws IOException {
    ProblemException missing = problem(directory.resolve("none.yaml").toString());
    assertEquals(ProblemKind.USAGE, missing.kind());
    assertTrue(missing.getMessage().endsWith("none.yaml: no such data manifest"));

    Files.writeString(manifest, MANIFEST.replace("separator", "seperator"));
    String message = problem(manifest.toString()).getMessage();
    assertTrue(message.startsWith(manifest + ": "), message);
    assertTrue(message.contains("did you mean 'separator'?"), message);

    Files.writeString(manifest, MANIFEST.replace("name: stmary", "name: phantom"));
    message = problem(manifest.toString()).getMessage();
    assertTrue(message.contains("taken by a built-in set"), message);
  }
}
