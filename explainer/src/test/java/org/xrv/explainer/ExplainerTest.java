package org.xrv.explainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;
import org.xrv.core.modelpackage.OutputKind;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.explainer.map.DifferenceMap;
import org.xrv.explainer.model.LoadedClassifier;
import org.xrv.explainer.search.LambdaRange;
import org.xrv.explainer.search.LambdaSearch;
import org.xrv.explainer.search.PublishedSearch;
import org.xrv.explainer.search.ReachSearch;
import org.xrv.explainer.search.StopReason;

/** Explanations by real small networks, from image to frames and map. */
class ExplainerTest {
  @Test
  void shouldExplainWithEverySearchAndMap() {
    ImageInput image = TinyModels.phantom(32, 0);
    try (Explainer explainer =
        new Explainer(TinyModels.autoencoder(32), TinyModels.classifier(32), 1)) {
      for (LambdaSearch search :
          List.of(PublishedSearch.GIFSPLANATION, PublishedSearch.LATENTSHIFT, ReachSearch.PAPER)) {
        for (DifferenceMap map : DifferenceMap.values()) {
          Explanation e =
              explainer.explain(image, new ExplanationRequest("cardiomegaly", search, 5, map));
          assertEquals("Cardiomegaly", e.request().target());
          assertEquals(5, e.frames().size());
          assertTrue(e.search().left().lambda() < 0);
          assertEquals(32, e.map().height());
          assertTrue(e.prediction() > 0 && e.prediction() < 1);
        }
      }
      Explanation ranged =
          explainer.explain(
              image,
              new ExplanationRequest("Mass", new LambdaRange(-20, 10), 4, DifferenceMap.MAX));
      assertEquals(
          List.of(-20.0, -10.0, 0.0, 10.0), ranged.frames().stream().map(f -> f.lambda()).toList());
      assertEquals(StopReason.RANGE_GIVEN, ranged.search().left().reason());
      assertEquals(ranged.reconstruction().prediction(), ranged.frames().get(2).prediction(), 1e-7);
    }
  }

  /** The same image explained again, or after another target, gives the same numbers. */
  @Test
  void shouldKeepNothingFromOneExplanationToTheNext() {
    try (Explainer explainer =
        new Explainer(TinyModels.autoencoder(32), TinyModels.classifier(32), 1)) {
      Explanation first = explainer.explain(TinyModels.phantom(32, 0), request("Mass"));
      for (String target : TinyModels.TARGETS) {
        explainer.explain(TinyModels.phantom(32, 1), request(target));
      }
      Explanation again = explainer.explain(TinyModels.phantom(32, 0), request("Mass"));
      assertEquals(first.search().steps(), again.search().steps());
      assertTrue(Arrays.equals(first.map().pixels(), again.map().pixels()));
    }
  }

  private static ExplanationRequest request(String target) {
    return new ExplanationRequest(target, new LambdaRange(-5, 0), 3, DifferenceMap.MAX);
  }

  @Test
  void shouldSayWhenThePredictionDoesNotDependOnTheImage() {
    LoadedClassifier classifier = changedHead(0);
    try (Explainer explainer = new Explainer(TinyModels.autoencoder(32), classifier, 1)) {
      Explanation e =
          explainer.explain(TinyModels.phantom(32, 0), ExplanationRequest.of("Effusion"));
      assertEquals(StopReason.ZERO_GRADIENT, e.search().left().reason());
      assertEquals(1, e.frames().size());
      assertTrue(e.search().isFlat());
    }
  }

  @Test
  void shouldRefuseNetworksThatGiveNoNumbers() {
    LoadedClassifier classifier = changedHead(Float.NaN);
    try (Explainer explainer = new Explainer(TinyModels.autoencoder(32), classifier, 1)) {
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () ->
                  explainer.explain(TinyModels.phantom(32, 0), ExplanationRequest.of("Effusion")));
      assertEquals(ProblemKind.BAD_DATA, e.kind());
      assertTrue(e.getMessage().contains("NaN"), e.getMessage());
    }
  }

  /** The tiny classifier with every weight of its last layer replaced. */
  private static LoadedClassifier changedHead(float value) {
    LoadedClassifier c = TinyModels.classifier(32);
    Map<String, FloatTensor> weights = new HashMap<>(c.model().weights().tensors());
    weights.computeIfPresent("classifier.weight", (n, t) -> FloatTensor.filled(t.shape(), value));
    return new LoadedClassifier(
        c.facts(),
        new OnnxModel(c.model().graph(), new NamedTensors(weights)),
        c.targets(),
        OutputKind.LOGITS,
        List.of());
  }

  @Test
  void shouldNameTheTargetsThatThereAre() {
    try (Explainer explainer =
        new Explainer(TinyModels.autoencoder(32), TinyModels.classifier(32), 1)) {
      ProblemException e =
          assertThrows(
              ProblemException.class,
              () ->
                  explainer.explain(
                      TinyModels.phantom(32, 0), ExplanationRequest.of("Cardiomegali")));
      assertEquals(ProblemKind.USAGE, e.kind());
      assertTrue(
          e.getMessage().contains("did you mean 'Cardiomegaly'")
              && e.getMessage().contains("Effusion"),
          e.getMessage());
      GrayImage wrong = new GrayImage(16, 16, new float[256]);
      assertThrows(
          IllegalArgumentException.class,
          () ->
              explainer.explain(new ImageInput("x", wrong, false), ExplanationRequest.of("Mass")));
    }
    assertThrows(
        ProblemException.class,
        () -> new ExplanationRequest("a", PublishedSearch.LATENTSHIFT, 1, DifferenceMap.INT));
  }

  @Test
  void shouldCloseEverySessionThatItOpened() {
    int before = OnnxRunner.openCount();
    try (Explainer explainer =
        new Explainer(TinyModels.autoencoder(32), TinyModels.classifier(32), 1)) {
      for (String target : TinyModels.TARGETS) {
        explainer.explain(TinyModels.phantom(32, 0), request(target));
      }
      // Encoder, classifier, frames, and one gradient program for all targets.
      assertEquals(before + 4, OnnxRunner.openCount());
    }
    assertEquals(before, OnnxRunner.openCount());
    assertThrows(
        ProblemException.class,
        () -> new Explainer(TinyModels.autoencoder(64), TinyModels.classifier(32), 1));
    assertEquals(before, OnnxRunner.openCount());
  }

  /**
   * The heap moves the resident memory up and down by some 80 MB, so the least of several
   * measurements is compared.
   */
  @Test
  @Tag("slow")
  void shouldKeepNoMemoryOverHundredsOfExplanations() throws IOException {
    ImageInput image = TinyModels.phantom(32, 0);
    rounds(image, 10);
    long before = leastNativeKilobytes(image);
    rounds(image, 30);
    long growth = leastNativeKilobytes(image) - before;
    // Rounds load 6 programs each; 60 rounds that lost one program of 0.7 MB would show 40 MB.
    assertTrue(growth < 30_000, "grew by " + growth + " kB");
  }

  private static long leastNativeKilobytes(ImageInput image) throws IOException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 6; i++) {
      rounds(image, 5);
      least = Math.min(least, nativeKilobytes());
    }
    return least;
  }

  /** Each round opens its sessions, explains ten times for targets in turn, and closes. */
  private static void rounds(ImageInput image, int count) {
    for (int i = 0; i < count; i++) {
      try (Explainer explainer =
          new Explainer(TinyModels.autoencoder(32), TinyModels.classifier(32), 1)) {
        for (int k = 0; k < 10; k++) {
          explainer.explain(image, request(TinyModels.TARGETS.get(k / 4)));
        }
      }
    }
  }

  /** Resident memory without the Java heap, which the collector resizes as it likes. */
  private static long nativeKilobytes() throws IOException {
    System.gc();
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "memory is read from /proc");
    String line =
        Files.readAllLines(status).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    return Long.parseLong(line.replaceAll("\\D", "")) - heap / 1024;
  }
}
