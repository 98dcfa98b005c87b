package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.tensor.FloatTensor;

/**
 * How long a network takes for one image.
 *
 * @param network file's name without its ending
 * @param contender which file, and what ONNX Runtime may do to it
 * @param millis median of the rounds
 * @param fastest of the rounds
 * @param slowest of the rounds
 */
public record Timing(
    String network, String contender, double millis, double fastest, double slowest) {
  /** The file that was given, as ONNX Runtime loads it by default. */
  public static final String ORIGINAL = "original";

  /** The file that was written, as ONNX Runtime loads it by default. */
  public static final String EXPORTED = "exported";

  /** Added to those: without ONNX Runtime's own graph optimisation. */
  public static final String NO_OPTIMISATION = ", no optimisation";

  /**
   * Times contenders in turns, so that what else the machine does hits all alike; who begins
   * changes from round to round. One run each before does not count.
   *
   * @param input of the networks' only input
   */
  public static List<Timing> measure(
      String network, Map<String, OnnxRunner> contenders, FloatTensor input, int rounds) {
    List<String> names = new ArrayList<>(contenders.keySet());
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    names.forEach(n -> millis.put(n, new ArrayList<>()));
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(Math.floorMod(i + round, names.size()));
        OnnxRunner runner = contenders.get(name);
        Map<String, FloatTensor> given = Map.of(runner.inputs().iterator().next(), input);
        long start = System.nanoTime();
        runner.run(given);
        if (round >= 0) {
          millis.get(name).add((System.nanoTime() - start) / 1e6 / input.shape().dim(0));
        }
      }
    }
    List<Timing> timings = new ArrayList<>();
    millis.forEach(
        (name, all) -> {
          List<Double> sorted = all.stream().sorted().toList();
          int n = sorted.size();
          double median = (sorted.get(n / 2) + sorted.get((n - 1) / 2)) / 2;
          timings.add(new Timing(network, name, median, sorted.get(0), sorted.get(n - 1)));
        });
    return timings;
  }
}
