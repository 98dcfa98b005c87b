package org.xrv.core.dataset.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.OnMissing;
import org.xrv.core.dataset.PatientSplit;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.catalog.PackedCaches;
import org.xrv.core.dataset.catalog.PackedCaches.Source;
import org.xrv.core.dataset.catalog.Views;
import org.xrv.core.dataset.check.CheckReport;
import org.xrv.core.dataset.check.DatasetCheck;
import org.xrv.core.dataset.export.NihExport;
import org.xrv.core.dataset.export.Subject;
import org.xrv.core.dataset.files.Packer;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.image.Resize;

/** Caches of images that lie in .tar.gz archives, as NIH ships them. */
class ArchiveCacheTest {
  private static final int SIDE = 24;

  /** Eight images of {@link #SIDE} pixels. */
  private static final int SHARD_BYTES = 8 * SIDE * SIDE * Float.BYTES;

  private static final int IMAGES = 18;

  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();
  private Path unpacked;
  private Path packed;
  private List<String> names;

  @TempDir static Path original;

  @BeforeAll
  static void draw() {
    PhantomDataset phantom = new PhantomDataset(3, IMAGES);
    new NihExport(phantom, NihExport.Format.PNG8, 32)
        .write(original.resolve("nih"), Subject.of(phantom), done -> {});
  }

  /** The same set twice: as files, and as two archives whose members are in no order. */
  @BeforeEach
  void writeFiles() throws IOException {
    unpacked = directory.resolve("unpacked");
    packed = Files.createDirectories(directory.resolve("packed"));
    Files.createDirectories(unpacked.resolve("images"));
    try (var files = Files.walk(original.resolve("nih"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path relative = original.resolve("nih").relativize(file);
        Files.copy(file, unpacked.resolve(relative));
        if (relative.getNameCount() == 1) {
          Files.copy(file, packed.resolve(relative));
        }
      }
    }
    try (var files = Files.list(unpacked.resolve("images"))) {
      names = files.map(f -> f.getFileName().toString()).sorted().toList();
    }
    List<String> reversed = new ArrayList<>(names);
    Collections.reverse(reversed);
    pack("images_001.tar.gz", reversed.subList(0, 10));
    pack("images_002.tar.gz", reversed.subList(10, IMAGES));
  }

  private Path pack(String archive, List<String> images) {
    Packer packer = new Packer().add("images/README.txt", "not an image");
    images.forEach(name -> packer.add("images/" + name, unpacked.resolve("images").resolve(name)));
    return packer.into(packed.resolve(archive));
  }

  private static Source nih(Path root, OnMissing missing) {
    return new Source(
        List.of("nih"),
        Optional.of(root),
        Set.of(Views.ALL),
        Resize.ANTIALIAS,
        missing,
        1,
        2,
        PhantomOptions.DEFAULT);
  }

  private CacheWriter.Listener stoppingAfter(int images) {
    return new CacheWriter.Listener() {
      @Override
      public void progress(int done, int total, int resumed) {
        if (done - resumed >= images && done > resumed) {
          throw new IllegalStateException("killed");
        }
      }

      @Override
      public void warning(String line) {
        warnings.add(line);
      }
    };
  }

  private CachedDataset prepare(
      Path root, String cache, OnMissing missing, CacheWriter.Listener listener) {
    Source source = nih(root, missing);
    new CacheWriter(
            source.openWithArchives(warnings::add),
            PackedCaches.settings(source, SIDE, PixelEncoding.FLOAT32, true),
            3,
            true,
            missing,
            SHARD_BYTES)
        .write(directory.resolve(cache), listener);
    CachedDataset made = CachedDataset.open(directory.resolve(cache));
    made.verify();
    return made;
  }

  private CachedDataset prepare(Path root, String cache) {
    return prepare(root, cache, OnMissing.FAIL, stoppingAfter(Integer.MAX_VALUE));
  }

  private static void assertSame(CachedDataset expected, CachedDataset actual) {
    assertEquals(expected.samples(), actual.samples());
    int masks = 0;
    for (Sample sample : expected.samples()) {
      assertArrayEquals(
          expected.image(sample, SIDE).pixels(), actual.image(sample, SIDE).pixels(), sample.id());
      for (String target : sample.labels().keySet()) {
        Optional<float[]> mask = expected.mask(sample, target, SIDE).map(GrayImage::pixels);
        Optional<float[]> other = actual.mask(sample, target, SIDE).map(GrayImage::pixels);
        assertEquals(mask.isPresent(), other.isPresent());
        if (mask.isPresent()) {
          assertArrayEquals(mask.get(), other.get(), sample.id() + " " + target);
          masks++;
        }
      }
    }
    assertTrue(masks > 0, "no mask was compared");
  }

  @Test
  void shouldHoldTheSameImagesInTheSameOrderAsFromUnpackedFiles() {
    CachedDataset files = prepare(unpacked, "files");
    CachedDataset archives = prepare(packed, "archives");
    assertEquals(IMAGES, archives.samples().size());
    assertSame(files, archives);
    assertEquals(
        PatientSplit.of(files.samples(), 0.3, 7), PatientSplit.of(archives.samples(), 0.3, 7));
    assertEquals(List.of(), warnings);
  }

  @Test
  void shouldReadFromACacheThatIsComparedWithTheArchivesNames() {
    prepare(packed, "archives");
    Dataset opened =
        PackedCaches.open(
            directory.resolve("archives"), nih(packed, OnMissing.FAIL), SIDE, warnings::add);
    assertEquals(IMAGES, opened.samples().size());
    assertTrue(
        new CacheWriter(
                nih(packed, OnMissing.FAIL).openWithArchives(warnings::add),
                PackedCaches.settings(
                    nih(packed, OnMissing.FAIL), SIDE, PixelEncoding.FLOAT32, true),
                1,
                true,
                OnMissing.FAIL)
            .write(directory.resolve("archives"), stoppingAfter(1))
            .wasThere());
  }

  @Test
  void shouldSayHowToPrepareWhenSomeoneWantsToReadThemInAnyOrder() {
    ProblemException e =
        assertThrows(ProblemException.class, () -> nih(packed, OnMissing.FAIL).open(warnings::add));
    assertEquals(ProblemKind.USAGE, e.kind());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(
        e.getMessage().contains("perhaps in images_001.tar.gz and 1 more, which can only be read")
            && e.getMessage().contains("xrv-train data prepare nih --data-root " + packed),
        e.getMessage());
  }

  @Test
  void shouldTakeTheUnpackedFileBeforeTheArchives() throws IOException {
    Files.createDirectories(packed.resolve("images"));
    Files.copy(
        unpacked.resolve("images").resolve(names.get(1)),
        packed.resolve("images").resolve(names.get(0)));
    CachedDataset made = prepare(packed, "archives");
    Sample first = sample(made, names.get(0));
    assertArrayEquals(
        made.image(sample(made, names.get(1)), SIDE).pixels(), made.image(first, SIDE).pixels());
    assertEquals(IMAGES, made.samples().size());
  }

  private static Sample sample(Dataset dataset, String id) {
    return dataset.samples().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void shouldGoOnWithoutReadingAFinishedArchiveAgain() throws IOException {
    CacheWriter.Listener stopping = stoppingAfter(15);
    assertThrows(
        IllegalStateException.class, () -> prepare(packed, "killed", OnMissing.FAIL, stopping));
    Path killed = directory.resolve("killed");
    assertTrue(Files.exists(killed.resolve("shard-00001.bin")), "eight and two of the first");
    assertFalse(Files.exists(killed.resolve("shard-00002.bin")), "not a part of the second");
    // Whoever reads it again reads nonsense.
    Path first = packed.resolve("images_001.tar.gz");
    FileTime time = Files.getLastModifiedTime(first);
    byte[] nonsense = new byte[(int) Files.size(first)];
    Files.write(first, nonsense);
    Files.setLastModifiedTime(first, time);
    List<Integer> resumed = new ArrayList<>();
    CachedDataset made =
        prepare(
            packed,
            "killed",
            OnMissing.FAIL,
            new CacheWriter.Listener() {
              @Override
              public void progress(int done, int total, int before) {
                resumed.add(before);
              }

              @Override
              public void warning(String line) {
                warnings.add(line);
              }
            });
    assertEquals(10, Collections.max(resumed));
    assertEquals(List.of(), warnings);
    assertSame(prepare(unpacked, "files"), made);
    assertFalse(Files.exists(killed.resolve("archives.json")), "nothing to go on with any more");
  }

  @Test
  void shouldPassOverTheDoneImagesOfAnArchiveInWhichItWasKilled() throws IOException {
    CacheWriter.Listener stopping = stoppingAfter(9);
    assertThrows(
        IllegalStateException.class, () -> prepare(packed, "killed", OnMissing.FAIL, stopping));
    assertTrue(Files.exists(directory.resolve("killed/shard-00000.bin")));
    assertFalse(Files.exists(directory.resolve("killed/shard-00001.bin")));
    CachedDataset made =
        prepare(packed, "killed", OnMissing.FAIL, stoppingAfter(Integer.MAX_VALUE));
    CachedDataset never =
        prepare(packed, "never", OnMissing.FAIL, stoppingAfter(Integer.MAX_VALUE));
    assertSame(never, made);
    try (var files = Files.list(directory.resolve("never"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        assertEquals(
            -1, Files.mismatch(file, directory.resolve("killed").resolve(file.getFileName())));
      }
    }
  }

  @Test
  void shouldStopAtOrLeaveOutWhatNoArchiveHolds() throws IOException {
    pack("images_002.tar.gz", names.subList(3, 8));
    Files.delete(unpacked.resolve("images").resolve(names.get(0)));
    Files.delete(unpacked.resolve("images").resolve(names.get(1)));
    Files.delete(unpacked.resolve("images").resolve(names.get(2)));
    ProblemException e = assertThrows(ProblemException.class, () -> prepare(packed, "archives"));
    assertEquals(ProblemKind.BAD_DATA, e.kind());
    assertTrue(
        e.getMessage()
                .contains(
                    "3 of 18 rows of nih have no image file: "
                        + String.join(", ", names.subList(0, 3)))
            && e.getMessage().contains("--missing skip"),
        e.getMessage());
    // What was written is kept: only the judgement differs.
    for (Path archive :
        List.of(packed.resolve("images_001.tar.gz"), packed.resolve("images_002.tar.gz"))) {
      FileTime time = Files.getLastModifiedTime(archive);
      Files.write(archive, new byte[(int) Files.size(archive)]);
      Files.setLastModifiedTime(archive, time);
    }
    CachedDataset made =
        prepare(packed, "archives", OnMissing.SKIP, stoppingAfter(Integer.MAX_VALUE));
    assertEquals(15, made.samples().size());
    assertEquals(1, warnings.size(), warnings.toString());
    CachedDataset files =
        prepare(unpacked, "files", OnMissing.SKIP, stoppingAfter(Integer.MAX_VALUE));
    assertSame(files, made);
    // Both what the archives list and what they hold is this cache's source.
    PackedCaches.open(
        directory.resolve("archives"), nih(packed, OnMissing.FAIL), SIDE, warnings::add);
    PackedCaches.open(
        directory.resolve("archives"), nih(unpacked, OnMissing.FAIL), SIDE, warnings::add);
  }

  private void cutTheFirst() {
    try {
      Path first = packed.resolve("images_001.tar.gz");
      byte[] bytes = Files.readAllBytes(first);
      Files.write(first, Arrays.copyOf(bytes, bytes.length * 2 / 3));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldNameAnArchiveThatIsCutOffAndKeepWhatCameBefore() {
    cutTheFirst();
    ProblemException e = assertThrows(ProblemException.class, () -> prepare(packed, "archives"));
    assertTrue(
        e.getMessage().contains("images_001.tar.gz: cannot be read to its end")
            && e.getMessage().contains("fetch it again"),
        e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    CachedDataset made =
        prepare(packed, "archives", OnMissing.SKIP, stoppingAfter(Integer.MAX_VALUE));
    assertTrue(
        made.samples().size() > 8 && made.samples().size() < IMAGES,
        made.samples().size() + " images");
  }

  @Test
  void shouldCheckArchivesInOnePassAsFiles() {
    CheckReport files = check(unpacked);
    CheckReport archives = check(packed);
    assertEquals(files, archives);
    assertEquals(IMAGES, archives.read());
    cutTheFirst();
    CheckReport cut = check(packed);
    assertTrue(
        cut.issues().stream()
            .anyMatch(i -> i.message().contains("images_001.tar.gz: cannot be read to its end")));
    assertTrue(
        cut.issues().stream()
            .anyMatch(
                i ->
                    i.kind() == CheckReport.Kind.MISSING
                        && i.message().contains("rows of nih have no image file")));
    assertEquals(cut.read(), cut.images());
  }

  private CheckReport check(Path root) {
    Dataset dataset = nih(root, OnMissing.SKIP).openWithArchives(warnings::add);
    return new DatasetCheck(dataset, List.of()).pixels(2, n -> {}).report(Optional.empty(), false);
  }

  @Test
  void shouldReadAnArchiveOnceForTwoSets() {
    // A second set whose images are the first's: here the same under a user's own name.
    Dataset one = nih(packed, OnMissing.FAIL).openWithArchives(warnings::add);
    assertEquals(2, one.archives().size());
    assertEquals(
        List.of("images_001.tar.gz", "images_002.tar.gz"),
        one.archives().stream().map(a -> a.file().name()).toList());
    assertFalse(one.atHand(one.samples().get(0)));
  }
}
