package org.xrv.trainer.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.trainer.bench.Contender;
import org.xrv.trainer.bench.Contender.MallocSettings;
import org.xrv.trainer.bench.LoaderBench;
import org.xrv.trainer.bench.TrainingBench;
import picocli.CommandLine.Option;

/** Training in turns with a PyTorch program. */
final class PeerOptions {
  @Option(
      names = "--peer",
      paramLabel = "PYTHON",
      required = true,
      description = "The executable of a Python with PyTorch.")
  private String python;

  @Option(
      names = "--peer-script",
      paramLabel = "FILE",
      required = true,
      description = {
        "A program that trains the same network and prints N img/s, called with a mode, the batch"
            + " size and the number of steps, of which the first does not count.",
        "Modes are fp32, fp32cl, bf16, bf16cl (cl: channels-last)."
      })
  private Path script;

  @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--most-seconds",
      defaultValue = "900",
      description = "For one turn. Default: ${DEFAULT-VALUE}.")
  private long mostSeconds;

  /**
   * Measures and prints: ours, then the peer as its scripts run it and as well as it can be made to
   * run.
   *
   * @param mode fp32 or bf16
   */
  void compare(Contender ours, String mode, int batch, int steps, PrintWriter out) {
    if (!Files.isRegularFile(script)) {
      throw new ProblemException(ProblemKind.USAGE, "--peer-script " + script + ": no such file");
    }
    if (rounds < 1) {
      throw new ProblemException(ProblemKind.USAGE, "--rounds " + rounds + "; expected 1 or more");
    }
    List<Contender> all = new ArrayList<>();
    all.add(ours);
    all.add(python("fp32", MallocSettings.NONE, batch, steps));
    if (!mode.equals("fp32")) {
      all.add(python(mode, MallocSettings.NONE, batch, steps));
    }
    all.add(python(mode + "cl", MallocSettings.NONE, batch, steps));
    all.add(python(mode + "cl", MallocSettings.MALLOC_ONLY, batch, steps));
    out.printf(
        Locale.ROOT,
        "batch %d, %d steps each after the first, medians of %d rounds (slowest to fastest)%n",
        batch,
        steps,
        rounds);
    Map<Contender, TrainingBench.Result> results =
        TrainingBench.measure(
            all,
            rounds,
            mostSeconds,
            line -> {
              out.println(line);
              out.flush();
            });
    double own = results.get(ours).imagesPerSecond().median();
    results.forEach(
        (contender, result) ->
            out.println(
                text(contender, result)
                    + (contender.equals(ours)
                        ? ""
                        : String.format(
                            Locale.ROOT,
                            "; ours is %.2f times as fast",
                            own / result.imagesPerSecond().median()))));
  }

  private static String text(Contender contender, TrainingBench.Result result) {
    LoaderBench.Rate rate = result.imagesPerSecond();
    return String.format(
            Locale.ROOT,
            "%s: %.2f img/s (%.2f to %.2f)",
            contender.name(),
            rate.median(),
            rate.slowest(),
            rate.fastest())
        + (result.peakBytes().isPresent()
            ? String.format(
                Locale.ROOT, ", peak %,.0f MB", result.peakBytes().getAsDouble() / (1 << 20))
            : "");
  }

  private Contender python(String mode, MallocSettings environment, int batch, int steps) {
    return new Contender(
        "peer, "
            + mode
            + (environment == MallocSettings.NONE
                ? ", plain environment"
                : ", our malloc settings"),
        List.of(
            python, script.toString(), mode, Integer.toString(batch), Integer.toString(steps + 1)),
        environment);
  }
}
