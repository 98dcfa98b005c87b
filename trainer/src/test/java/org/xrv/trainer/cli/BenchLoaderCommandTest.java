package org.xrv.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.core.random.KeyedRandom;

/** The measurement runs and says what it measured; how fast is not asked of a busy machine. */
class BenchLoaderCommandTest {
  @TempDir Path directory;

  private void image(String name, int side) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    KeyedRandom random = KeyedRandom.of(1, name);
    for (int i = 0; i < side * side; i++) {
      image.getRaster().setSample(i % side, i / side, 0, (i / side / 8 + random.nextInt(9)) % 256);
    }
    ImageIO.write(image, name.substring(name.length() - 3), directory.resolve(name).toFile());
  }

  @Tag("slow")
  @Test
  void shouldMeasureTheKindsThatAreThere() throws IOException {
    image("a.png", 1024);
    image("small.png", 100);
    image("b.jpg", 1000);
    Program program = Program.run("bench", "loader", "--files=" + directory, "--rounds=2");
    assertEquals(0, program.code(), program.err());
    assertTrue(
        program
            .out()
            .matches(
                "(?s).*median of 2 rounds.*"
                    + "PNG, 1024 x 1024, 8 bits, 1 files: [\\d.]+ \\([\\d.]+ to [\\d.]+\\)\\R"
                    + "JPEG, 1000 pixels and more, 1 files: .*"
                    + "DICOM with JPEG Baseline, 1000 pixels and more: no files\\R"),
        program.out());
  }

  @Test
  void shouldSayWhatIsWrongWithItsOptions() throws IOException {
    image("small.png", 100);
    Program none = Program.run("bench", "loader", "--files=" + directory);
    assertTrue(none.problems().get(0).contains("holds no 1024 x 1024 PNG"), none.err());
    image("a.png", 1024);
    Program peer =
        Program.run("bench", "loader", "--files=" + directory, "--peer=" + directory + "/python");
    assertTrue(peer.problems().get(0).contains("a Python with scikit-image"), peer.err());
  }
}
