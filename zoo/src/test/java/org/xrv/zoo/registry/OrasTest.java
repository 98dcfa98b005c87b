package org.xrv.zoo.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import land.oras.Annotations;
import land.oras.ArtifactType;
import land.oras.Config;
import land.oras.ContainerRef;
import land.oras.LocalPath;
import land.oras.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xrv.zoo.name.ModelReference;
import org.xrv.zoo.name.ModelVersion;
import org.xrv.zoo.store.LocalZoo;
import org.xrv.zoo.store.Packages;
import org.xrv.zoo.store.Snapshot;

/** Another client of registries: what one pushes, the other pulls. */
class OrasTest {
  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  @TempDir Path folder;

  @Test
  void shouldExchangeModelsWithOras() throws IOException, InterruptedException {
    DockerRegistry.assumeInstalled();
    Path one = Packages.write(folder.resolve("one"), "one");
    Path two = Packages.write(folder.resolve("two"), "two");
    for (Path directory : List.of(one, two)) { // oras-java 0.7.0 makes no directories
      Files.delete(directory.resolve("docs/README.md"));
      Files.delete(directory.resolve("docs"));
    }
    try (DockerRegistry registry = DockerRegistry.start(folder.resolve("registry"))) {
      Registry oras = Registry.builder().insecure().build();
      Remotes.zoo(registry.url(), folder.resolve("a")).push(one, ModelVersion.parse("ae:1.0.0"));
      Path pulled = Files.createDirectories(folder.resolve("oras"));
      oras.pullArtifact(ref(registry, "1.0.0"), pulled, true);
      assertEquals(-1, Files.mismatch(one.resolve("encoder.onnx"), pulled.resolve("encoder.onnx")));
      assertEquals(
          -1, Files.mismatch(one.resolve("xrv-model.json"), pulled.resolve("xrv-model.json")));

      oras.pushArtifact(
          ref(registry, "1.1.0"),
          ArtifactType.from("application/vnd.cncf.model.manifest.v1+json"),
          Annotations.ofManifest(Map.of()),
          Config.empty(),
          LocalPath.of(two.resolve("encoder.onnx"), RAW),
          LocalPath.of(two.resolve("decoder.onnx"), RAW),
          LocalPath.of(two.resolve("xrv-model.json"), RAW),
          LocalPath.of(two.resolve("parity.json"), RAW));
      Snapshot snapshot =
          Remotes.zoo(registry.url(), folder.resolve("b")).pull(ModelReference.parse("ae"));
      assertEquals("1.1.0", snapshot.model().version().toString());
      assertEquals(
          -1,
          Files.mismatch(
              two.resolve("encoder.onnx"), snapshot.directory().resolve("encoder.onnx")));
      assertTrue(new LocalZoo(folder.resolve("b")).verifyAll().stream().allMatch(v -> v.isSound()));
    }
  }

  private static ContainerRef ref(DockerRegistry registry, String tag) {
    return ContainerRef.parse(registry.host() + "/library/ae:" + tag);
  }
}
