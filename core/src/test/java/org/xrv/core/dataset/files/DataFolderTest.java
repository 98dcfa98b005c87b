package org.xrv.core.dataset.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xrv.core.random.KeyedRandom;

/** A folder looks as if its archives were unpacked in it. */
class DataFolderTest {
  @TempDir Path root;
  private final Archives archives = new Archives();

  private DataFolder folder() {
    return DataFolder.of(root, archives);
  }

  private static String text(Optional<DataFile> file) {
    return new String(file.orElseThrow().bytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"set.zip", "set.tar"})
  void shouldLookIntoArchives(String name) {
    new Packer()
        .add("./images/b.png", "B")
        .add("images/a.png", "A")
        .add("images\\windows.png", "W")
        .add("table.csv", "x,y")
        .into(root.resolve(name));
    assertEquals("x,y", text(folder().file("table.csv")));
    assertEquals("A", text(folder().file("images/a.png")));
    assertEquals("W", text(folder().resolve("images").file("windows.png")));
    assertEquals(
        root.resolve(name) + "!images/b.png", folder().file("images/b.png").get().toString());
    assertEquals(
        List.of("a.png", "b.png", "windows.png"),
        folder().resolve("images").files().stream().map(DataFile::name).toList());
    assertEquals(
        List.of(root.resolve("images").toString()),
        folder().matching("im*").stream().map(DataFolder::toString).toList());
    assertFalse(folder().resolve("masks").exists());
    assertEquals(Optional.empty(), folder().file("images/c.png"));
    // The archive itself can be the root.
    assertEquals("A", text(DataFolder.of(root.resolve(name), archives).file("images/a.png")));
  }

  @Test
  void shouldTakeTheUnpackedFileBeforeTheArchives() throws IOException {
    new Packer()
        .add("images/a.png", "packed")
        .add("images/b.png", "packed")
        .into(root.resolve("set.zip"));
    Files.createDirectories(root.resolve("images"));
    Files.writeString(root.resolve("images/a.png"), "unpacked");
    assertEquals("unpacked", text(folder().file("images/a.png")));
    assertEquals("packed", text(folder().file("images/b.png")));
    assertEquals(2, folder().resolve("images").files().size());
  }

  @Test
  void shouldListAnArchiveOnceAndOpenNoneThatMustBeReadWhole() throws IOException {
    Files.writeString(root.resolve("images_001.tar.gz"), "this is not even gzip");
    new Packer().add("a.png", "A").into(root.resolve("a.zip"));
    assertEquals("A", text(folder().file("a.png")));
    Files.delete(root.resolve("a.zip"));
    assertTrue(folder().file("a.png").isPresent(), "listed before");
    assertEquals(
        List.of("images_001.tar.gz"),
        archives.sequential().stream().map(SequentialArchive::name).toList());
  }

  @Test
  void shouldReadAnArchiveOfTablesIntoMemory() {
    Path file = new Packer().add("reports/1.xml", "<r/>").into(root.resolve("reports.tgz"));
    archives.readIntoMemory(file);
    assertEquals("<r/>", text(folder().file("reports/1.xml")));
    assertEquals(List.of(), archives.sequential());
  }

  @ParameterizedTest
  @ValueSource(strings = {"set.zip", "set.tar"})
  void shouldReadFromSeveralThreads(String name) throws Exception {
    Packer packer = new Packer();
    for (int i = 0; i < 40; i++) {
      packer.add(i + ".bin", noise(i));
    }
    packer.into(root.resolve(name));
    DataFolder folder = folder();
    List<DataFile> files =
        IntStream.range(0, 40).mapToObj(i -> folder.file(i + ".bin").get()).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<byte[]>> reads =
          Collections.nCopies(5, files).stream()
              .flatMap(List::stream)
              .map(file -> (Callable<byte[]>) file::bytes)
              .toList();
      List<Future<byte[]>> read = threads.invokeAll(reads);
      for (int i = 0; i < read.size(); i++) {
        assertArrayEquals(noise(i % 40), read.get(i).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static byte[] noise(int i) {
    KeyedRandom random = KeyedRandom.of(i, "member");
    byte[] bytes = new byte[20_000];
    for (int k = 0; k < bytes.length; k++) {
      bytes[k] = (byte) random.nextInt(k % 2 == 0 ? 256 : 2);
    }
    return bytes;
  }
}
