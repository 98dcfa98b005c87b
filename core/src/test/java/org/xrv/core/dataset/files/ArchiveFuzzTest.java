package org.xrv.core.dataset.files;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.io.AtomicFiles;

/** Archives of each kind, listed and read; the first byte says which kind the others are. */
class ArchiveFuzzTest {
  private static final List<String> NAMES = List.of("x.zip", "x.tar", "x.tar.gz");
  private static Path folder;

  @BeforeAll
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("xrv-archives");
  }

  @AfterAll
  static void removeFolder() {
    AtomicFiles.deleteTree(folder);
  }

  static Stream<Arguments> seeds() throws IOException {
    Path seeds = Files.createTempDirectory("xrv-seeds");
    byte[][] files = new byte[NAMES.size()][];
    for (int i = 0; i < files.length; i++) {
      Path archive =
          new Packer()
              .add("images/a.png", "a")
              .add("images/" + "long".repeat(30) + ".png", "bb".repeat(40))
              .add("../out.png", "c")
              .into(seeds.resolve(NAMES.get(i)));
      byte[] bytes = Files.readAllBytes(archive);
      files[i] = new byte[bytes.length + 1];
      files[i][0] = (byte) i;
      System.arraycopy(bytes, 0, files[i], 1, bytes.length);
    }
    AtomicFiles.deleteTree(seeds);
    return Stream.of(files).map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    String name = NAMES.get((input[0] & 0xff) % NAMES.size());
    Path file = folder.resolve(name);
    Files.write(file, Arrays.copyOfRange(input, 1, input.length));
    Archives archives = new Archives();
    if (name.endsWith(".gz")) {
      Sturdy.reads(name, () -> archives.readIntoMemory(file));
    }
    Sturdy.reads(
        name,
        () -> {
          DataFolder root = DataFolder.of(file, archives);
          root.topsOfArchives();
          root.matching("images*");
          for (DataFile member : root.members().values()) {
            Sturdy.reads(name, member::bytes);
          }
        });
  }
}
