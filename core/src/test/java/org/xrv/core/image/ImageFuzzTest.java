package org.xrv.core.image;

import static org.junit.jupiter.api.Named.named;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.fuzz.Sturdy;
import org.xrv.core.image.png.SmallPictures;

/** PNG and JPEG of every kind. */
class ImageFuzzTest {
  static Stream<Arguments> seeds() {
    return SmallPictures.all().entrySet().stream()
        .map(e -> Arguments.of(named(e.getKey(), e.getValue())));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] file) {
    Sturdy.reads("x.png", () -> ImageFiles.read("x.png", file));
    byte[] repaired = SmallPictures.repaired(file);
    Sturdy.reads("x.png", () -> ImageFiles.read("x.png", repaired));
  }
}
