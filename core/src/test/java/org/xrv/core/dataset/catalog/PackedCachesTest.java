package org.xrv.core.dataset.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.dataset.Dataset;
import org.xrv.core.dataset.Sample;
import org.xrv.core.dataset.cache.CacheWriter;
import org.xrv.core.dataset.cache.PixelEncoding;
import org.xrv.core.dataset.catalog.PackedCaches.Source;
import org.xrv.core.dataset.export.NihExport;
import org.xrv.core.dataset.export.Subject;
import org.xrv.core.dataset.phantom.PhantomDataset;
import org.xrv.core.dataset.phantom.PhantomOptions;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.Resize;

/** Caches of files in NIH's layout, beside these files. */
class PackedCachesTest {
  private static final int SIDE = 24;
  private final List<String> warnings = new ArrayList<>();
  @TempDir Path directory;
  private Path root;
  private Path cache;
  private Resize resize = Resize.ANTIALIAS;

  static final CacheWriter.Listener SILENT =
      new CacheWriter.Listener() {
        @Override
        public void progress(int done, int total, int resumed) {}

        @Override
        public void warning(String line) {}
      };

  @BeforeEach
  void writeFiles() {
    root = directory.resolve("files");
    cache = directory.resolve("cache");
    PhantomDataset phantom = new PhantomDataset(3, 10);
    new NihExport(phantom, NihExport.Format.PNG8, 32).write(root, Subject.of(phantom), done -> {});
  }

  private Source nih(boolean withRoot, String... views) {
    return new Source(
        List.of("nih"),
        withRoot ? Optional.of(root) : Optional.empty(),
        Set.of(views),
        resize,
        org.xrv.core.dataset.OnMissing.FAIL,
        1,
        2,
        PhantomOptions.DEFAULT);
  }

  private void prepare(String... views) {
    Source source = nih(true, views);
    new CacheWriter(
            source.open(warnings::add),
            PackedCaches.settings(source, SIDE, PixelEncoding.FLOAT32, true),
            2,
            false)
        .write(cache, SILENT);
  }

  private Dataset open(boolean withRoot, String... views) {
    return PackedCaches.open(cache, nih(withRoot, views), SIDE, warnings::add);
  }

  private ProblemException refused(boolean withRoot, String... views) {
    return assertThrows(ProblemException.class, () -> open(withRoot, views));
  }

  @Test
  void shouldTakeSomeOfTheViewsAsTheFilesThemselvesDo() {
    prepare();
    for (String[] views : new String[][] {{}, {"PA"}, {"ap"}, {"PA", "AP"}}) {
      Dataset files = nih(true, views).open(warnings::add);
      Dataset cached = open(false, views);
      assertEquals(files.samples(), cached.samples());
      for (Sample sample : files.samples()) {
        assertArrayEquals(files.image(sample, SIDE).pixels(), cached.image(sample, SIDE).pixels());
        for (String target : sample.labels().keySet()) {
          assertEquals(
              files.mask(sample, target, SIDE).isPresent(),
              cached.mask(sample, target, SIDE).isPresent(),
              target);
        }
      }
    }
  }

  @Test
  void shouldRefuseViewsThatItDoesNotHold() {
    prepare("PA");
    assertEquals(open(false, "PA").samples(), nih(true, "PA").open(warnings::add).samples());
    assertTrue(refused(false).getMessage().contains("it has the views PA, asked for all"));
    assertEquals(ProblemKind.USAGE, refused(false, "AP").kind());
  }

  @Test
  void shouldRefuseACacheOfAnotherResizing() {
    resize = Resize.AREA;
    prepare();
    Dataset files = nih(true).open(warnings::add);
    Sample first = files.samples().get(0);
    assertArrayEquals(files.image(first, SIDE).pixels(), open(true).image(first, SIDE).pixels(), 0);
    resize = Resize.ANTIALIAS;
    String message = refused(false).getMessage();
    assertTrue(
        message.contains(
            "preprocessing: xrv-center-crop-area-1024 there, xrv-center-crop-resize-1024 here"),
        message);
  }

  @Test
  void shouldNameTheLimitsOfTheResolution() {
    for (int side : new int[] {15, 1025}) {
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () -> PackedCaches.settings(nih(true), side, PixelEncoding.FLOAT32, false));
      assertEquals(ProblemKind.USAGE, e.kind());
      assertEquals("resolution " + side + "; expected 16 to 1024 pixels", e.getMessage());
    }
    assertEquals(
        1024, PackedCaches.settings(nih(true), 1024, PixelEncoding.INT16, false).resolution());
  }

  @Test
  void shouldNoticeThatTheFilesChanged() throws IOException {
    prepare();
    open(true);
    Path table = root.resolve("Data_Entry_2017.csv");
    String before = Files.readString(table);
    Files.writeString(table, before.replaceFirst("No Finding", "Hernia"));
    ProblemException relabelled = refused(true);
    assertEquals(ProblemKind.BAD_DATA, relabelled.kind());
    assertTrue(
        relabelled.getMessage().contains("this cache is stale: the tables or files in " + root),
        relabelled.getMessage());
    assertTrue(relabelled.getMessage().endsWith("run xrv-train data prepare again"));
    Files.writeString(table, before);
    open(true);
    Path image = root.resolve("images/00000005_000.png");
    byte[] pixels = Files.readAllBytes(image);
    Files.copy(
        root.resolve("images/00000006_000.png"),
        image,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertTrue(
        refused(true).getMessage().contains("have other sizes: images were replaced"), "replaced");
    Files.write(image, pixels);
    open(true);
    Files.delete(root.resolve("images/00000004_000.png"));
    assertTrue(refused(true).getMessage().contains("list other samples"));
    open(false);
  }

  @Test
  void shouldNoticeThatTheManifestChanged() throws IOException {
    prepare();
    Path description = cache.resolve("cache.json");
    String json = Files.readString(description);
    Files.writeString(
        description, json.replaceFirst("(manifest of nih\" : \"sha256 )[0-9a-f]{4}", "$1beef"));
    String message = refused(false).getMessage();
    assertTrue(message.contains("stale: manifest of nih: sha256 beef"), message);
  }

  @Test
  void shouldNoticeAnotherShortcut() {
    List<String> phantom = List.of("phantom");
    PhantomOptions tubes = PhantomOptions.withShortcut(0.9);
    Source with =
        new Source(
            phantom,
            Optional.empty(),
            Set.of(),
            Resize.ANTIALIAS,
            org.xrv.core.dataset.OnMissing.FAIL,
            1,
            6,
            tubes);
    new CacheWriter(
            with.open(warnings::add),
            PackedCaches.settings(with, SIDE, PixelEncoding.FLOAT32, false),
            2,
            false)
        .write(cache, SILENT);
    assertEquals(6, PackedCaches.open(cache, with, SIDE, warnings::add).samples().size());
    Source without = new Source(phantom, Optional.empty(), Set.of(), 1, 6);
    ProblemException problem =
        assertThrows(
            ProblemException.class, () -> PackedCaches.open(cache, without, SIDE, warnings::add));
    assertTrue(problem.getMessage().contains("shortcut: chest tube"), problem.getMessage());
  }
}
