package org.xrv.trainer.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.xrv.trainer.bench.LoaderBench.Rate;

/** Lets programs train in turns: what else the machine does then falls on all of them. */
public final class TrainingBench {
  private TrainingBench() {}

  /**
   * What a contender came to.
   *
   * @param imagesPerSecond over the rounds
   * @param peakBytes median over the rounds; empty where the kernel does not tell
   */
  public record Result(Rate imagesPerSecond, OptionalDouble peakBytes) {}

  /**
   * Each contender once in each round, every time in a process of its own.
   *
   * @param rounds 1 or more
   * @param mostSeconds that one turn may take
   * @param progress is told each turn's outcome
   * @return by contender, in their order
   */
  public static Map<Contender, Result> measure(
      List<Contender> contenders, int rounds, long mostSeconds, Consumer<String> progress) {
    Map<Contender, List<Contender.Turn>> turns = new LinkedHashMap<>();
    contenders.forEach(c -> turns.put(c, new ArrayList<>()));
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : contenders) {
        Contender.Turn turn = contender.run(mostSeconds);
        turns.get(contender).add(turn);
        progress.accept(
            "round " + round + ", " + contender.name() + ": " + turn.imagesPerSecond() + " img/s");
      }
    }
    Map<Contender, Result> results = new LinkedHashMap<>();
    turns.forEach((contender, list) -> results.put(contender, result(list)));
    return results;
  }

  private static Result result(List<Contender.Turn> turns) {
    double[] peaks =
        turns.stream()
            .filter(t -> t.peakBytes().isPresent())
            .mapToDouble(t -> t.peakBytes().getAsLong())
            .sorted()
            .toArray();
    return new Result(
        Rate.of(turns.stream().map(Contender.Turn::imagesPerSecond).toList()),
        peaks.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(peaks[peaks.length / 2]));
  }
}
