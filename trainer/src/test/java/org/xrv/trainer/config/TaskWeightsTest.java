package org.xrv.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xrv.core.config.ConfigTree;
import org.xrv.core.error.ProblemException;
import org.xrv.trainer.data.LabelCounts;

class TaskWeightsTest {
  private static final List<LabelCounts> COUNTS =
      List.of(
          new LabelCounts("common", 40, 60, 0),
          new LabelCounts("rare", 2, 98, 0),
          new LabelCounts("sparse", 5, 5, 90),
          new LabelCounts("never", 0, 100, 0));

  private static TaskSettings settings(String yaml) {
    return ConfigTree.parse("test", "weights: " + yaml + "\ncalibrate: none\n")
        .as(TaskSettings.class);
  }

  private static List<Double> weights(String yaml) {
    return settings(yaml).weights().weights(COUNTS);
  }

  @Test
  void shouldMakeTheLossesOfUninformedTargetsEqual() {
    List<Double> w = weights("balanced");
    double[] loss = new double[3]; // of predicting the share of positives
    double labels = 0;
    double weighted = 0;
    for (int t = 0; t < 3; t++) {
      LabelCounts c = COUNTS.get(t);
      double q = (double) c.present() / c.known();
      loss[t] = w.get(t) * (-c.present() * Math.log(q) - c.absent() * Math.log(1 - q));
      labels += c.known();
      weighted += w.get(t) * c.known();
    }
    assertEquals(loss[0], loss[1], 1e-12 * loss[0]);
    assertEquals(loss[0], loss[2], 1e-12 * loss[0]);
    assertEquals(labels, weighted, 1e-9); // the mean weight of a label is 1
    assertEquals(1, w.get(3));
  }

  @Test
  void shouldFollowTorchxrayvision() {
    // p = 40, 2, 5, 0: max 40, mean 11.75; 11.75, 49.75, 46.75, 51.75 over 51.75
    List<Double> w = weights("torchxrayvision");
    assertEquals(11.75 / 51.75, w.get(0), 1e-12);
    assertEquals(49.75 / 51.75, w.get(1), 1e-12);
    assertEquals(46.75 / 51.75, w.get(2), 1e-12);
    assertEquals(1, w.get(3), 1e-12);
  }

  @Test
  void shouldTakeNumbersAsTheyAre() {
    assertEquals(List.of(1.0, 2.5, 1.0, 3.0), weights("[1, 2.5, 1, 3]"));
    assertEquals(List.of(1.0, 1.0, 1.0, 1.0), weights("none"));
  }

  @Test
  void shouldWriteWhatItReads() {
    for (String yaml : List.of("none", "balanced", "torchxrayvision", "[1, 2.5]")) {
      TaskSettings settings = settings(yaml);
      assertEquals(settings, ConfigTree.of("again", settings).as(TaskSettings.class));
    }
  }

  @Test
  void shouldRefuseOtherValuesWithTheKey() {
    for (String yaml : List.of("balance", "[1, -1]", "[0]", "[]", "7", "[a]", "{Mass: 2}")) {
      ProblemException e = assertThrows(ProblemException.class, () -> settings(yaml), yaml);
      assertTrue(e.getMessage().contains("tasks.weights"), yaml + ": " + e.getMessage());
      assertTrue(e.getMessage().contains("balanced"), e.getMessage());
      assertEquals(1, e.getMessage().lines().count());
    }
  }
}
