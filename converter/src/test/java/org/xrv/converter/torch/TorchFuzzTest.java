package org.xrv.converter.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.fuzz.Sturdy;

/** Pickles of every protocol, as files of both formats. */
class TorchFuzzTest {
  static Stream<Arguments> files() throws IOException {
    return Stream.of("kinds.pt", "kinds-legacy.pt", "training.pt", "network.pt")
        .map(TorchFuzzTest::resource)
        .map(Arguments::of);
  }

  private static byte[] resource(String name) {
    try (InputStream in = TorchFuzzTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The pickles of zip files, and some by hand in the oldest protocol. */
  static Stream<Arguments> pickles() throws IOException {
    Stream.Builder<byte[]> pickles = Stream.builder();
    for (String name : new String[] {"kinds.pt", "kinds-protocol4.pt", "network.pt", "held.pt"}) {
      Path file = Files.createTempFile("fuzz", ".pt");
      Files.write(file, resource(name));
      try (ZipFile zip = new ZipFile(file.toFile())) {
        ZipEntry entry =
            zip.stream().filter(e -> e.getName().endsWith("data.pkl")).findFirst().orElseThrow();
        pickles.add(zip.getInputStream(entry).readAllBytes());
      } finally {
        Files.delete(file);
      }
    }
    for (String text :
        new String[] {
          "cos\nsystem\n(Vtrue\ntR.",
          "(dVx\n(lI1\naF0.5\naL5L\naS'a'\nap0\n0g0\ns.",
          "(ix.y\nZ\n}V_modules\n}sV_parameters\n}sb."
        }) {
      pickles.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return pickles.build().map(Arguments::of);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuseFiles(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".pt");
    try {
      Files.write(file, bytes);
      read(file);
    } finally {
      Files.delete(file);
    }
  }

  /** In an archive whose checksums are right. */
  @MethodSource("pickles")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefusePickles(byte[] pickle) throws IOException {
    Path file = Files.createTempFile("fuzz", ".pt");
    try {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        zip.putNextEntry(new ZipEntry("a/data.pkl"));
        zip.write(pickle);
        for (int key = 0; key < 8; key++) {
          zip.putNextEntry(new ZipEntry("a/data/" + key));
          zip.write(new byte[48]);
        }
      }
      read(file);
    } finally {
      Files.delete(file);
    }
  }

  private static void read(Path file) {
    Sturdy.reads(file.getFileName().toString(), () -> TorchReader.read(file));
  }
}
