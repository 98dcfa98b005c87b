package org.xrv.core.dataset.manifest;

import static org.junit.jupiter.api.Named.named;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xrv.core.fuzz.Sturdy;

/** Manifests that users write. */
class ManifestFuzzTest {
  static Stream<Arguments> seeds() {
    return DataManifests.NAMES.stream()
        .map(
            name ->
                Arguments.of(
                    named(name, DataManifests.text(name).getBytes(StandardCharsets.UTF_8))));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void shouldReadOrRefuse(byte[] yaml) {
    Sturdy.reads("own.yaml", () -> DataManifests.read(yaml, "own.yaml"));
    Sturdy.reads("own.yaml", () -> DataManifests.variants(yaml, "own.yaml"));
  }
}
