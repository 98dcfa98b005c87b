package org.xrv.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.image.GrayImage;

class LoaderTest {
  private static final Augmenter NOISE =
      (image, random) -> {
        float[] pixels = image.pixels().clone();
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] += (float) random.nextDouble();
        }
        return new GrayImage(image.height(), image.width(), pixels);
      };
  private final List<String> warnings = new ArrayList<>();

  private Loader loader(Discs discs, int threads, long cacheBytes) {
    return new Loader(
        discs.samples(),
        new ImageCache(discs, 16, cacheBytes, OnUnreadable.SKIP, warnings::add),
        NOISE,
        4,
        7,
        threads);
  }

  private static List<Batch> all(BatchStream stream) {
    List<Batch> batches = new ArrayList<>();
    for (var batch = stream.next(); batch.isPresent(); batch = stream.next()) {
      batches.add(batch.get());
    }
    return batches;
  }

  private static void assertEqual(List<Batch> expected, List<Batch> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).samples(), actual.get(i).samples());
      assertArrayEquals(expected.get(i).images().data(), actual.get(i).images().data());
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 0", "7, 100000000", "1, 5000"})
  void shouldGiveTheSameBatchesWhateverTheThreadsAndTheMemory(int threads, long cacheBytes) {
    Discs discs = new Discs(30).broken("disc-003").broken("disc-011");
    try (Loader one = loader(discs, 1, 100_000_000);
        Loader other = loader(discs, threads, cacheBytes)) {
      for (int epoch = 0; epoch < 3; epoch++) {
        assertEqual(all(one.epoch(epoch, 0)), all(other.epoch(epoch, 0)));
      }
    }
  }

  @Test
  void shouldGoOnInTheMiddleOfAnEpoch() {
    try (Loader loader = loader(new Discs(30), 2, 0)) {
      List<Batch> whole = all(loader.epoch(5, 0));
      assertEquals(7, whole.size());
      assertEqual(whole.subList(4, 7), all(loader.epoch(5, 4)));
    }
  }

  @Test
  void shouldShowEachImageOnceInAnEpochAndInAnotherOrderInTheNext() {
    try (Loader loader = loader(new Discs(32), 2, 0)) {
      List<Sample> first =
          all(loader.epoch(0, 0)).stream().flatMap(b -> b.samples().stream()).toList();
      List<Sample> second =
          all(loader.epoch(1, 0)).stream().flatMap(b -> b.samples().stream()).toList();
      assertEquals(32, Set.copyOf(first).size());
      assertEquals(Set.copyOf(first), Set.copyOf(second));
      assertNotEquals(first, second);
    }
  }

  @Test
  void shouldAugmentAnewInEachEpochAndNotInValidation() {
    Discs discs = new Discs(4);
    try (Loader loader = loader(discs, 1, 1 << 20)) {
      float first = all(loader.epoch(0, 0)).get(0).images().data()[0];
      float second = all(loader.epoch(1, 0)).get(0).images().data()[0];
      assertNotEquals(first, second);
      assertEquals(-700f, all(loader.inOrder()).get(0).images().data()[0]);
    }
  }

  @Test
  void shouldFillThePlaceOfAnUnreadableImageAndNameItOnce() {
    Discs discs = new Discs(12).broken("disc-005");
    try (Loader loader = loader(discs, 3, 1 << 20)) {
      for (int epoch = 0; epoch < 3; epoch++) {
        for (Batch batch : all(loader.epoch(epoch, 0))) {
          assertEquals(4, batch.size());
          assertFalse(batch.samples().stream().anyMatch(s -> s.id().equals("disc-005")));
        }
      }
      assertEquals(11, all(loader.inOrder()).stream().mapToInt(Batch::size).sum());
    }
    assertEquals(List.of("left out: disc-005.png: truncated"), warnings);
  }

  @Test
  void shouldStopAtAnUnreadableImageWhenToldTo() {
    Discs discs = new Discs(12).broken("disc-005");
    ImageCache images = new ImageCache(discs, 16, 0, OnUnreadable.FAIL, warnings::add);
    try (Loader loader = new Loader(discs.samples(), images, NOISE, 4, 7, 2)) {
      ProblemException e = assertThrows(ProblemException.class, () -> all(loader.epoch(0, 0)));
      assertEquals(ProblemKind.BAD_DATA, e.kind());
      assertEquals("disc-005.png: truncated", e.getMessage());
    }
  }

  @Test
  void shouldSayThatNoImageCanBeRead() {
    Discs discs = new Discs(3).broken("disc-000").broken("disc-001").broken("disc-002");
    try (Loader loader = loader(discs, 2, 0)) {
      ProblemException e = assertThrows(ProblemException.class, () -> all(loader.epoch(0, 0)));
      assertTrue(e.getMessage().contains("none of the 3"), e.getMessage());
    }
  }

  @Test
  void shouldAverageTheReadableImages() {
    Discs discs = new Discs(5).broken("disc-002");
    double sum = 0;
    for (Sample sample : discs.samples()) {
      if (!sample.id().equals("disc-002")) {
        sum += discs.image(sample, 16).at(8, 12);
      }
    }
    try (Loader loader = loader(discs, 2, 0)) {
      float[] mean = MeanImage.of(loader, () -> {}).data();
      assertEquals(sum / 4, mean[8 * 16 + 12], 1e-4);
      assertEquals(-700, mean[0]);
    }
  }

  @Test
  void shouldKeepNoMoreThanItsBudget() {
    Discs discs = new Discs(10);
    ImageCache images = new ImageCache(discs, 16, 3 * 16 * 16 * 4, OnUnreadable.SKIP, w -> {});
    List<Sample> s = discs.samples();
    GrayImage kept = images.image(s.get(0)).orElseThrow();
    assertSame(kept, images.image(s.get(0)).orElseThrow());
    images.image(s.get(1));
    images.image(s.get(2));
    assertNotSame(images.image(s.get(3)).orElseThrow(), images.image(s.get(3)).orElseThrow());
    assertEquals(new TreeSet<>(), images.unreadable());
  }
}
