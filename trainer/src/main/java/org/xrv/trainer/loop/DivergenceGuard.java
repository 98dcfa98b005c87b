package org.xrv.trainer.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.xrv.core.dataset.Sample;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.io.AtomicFiles;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.checkpoint.TrainingState;
import org.xrv.trainer.config.GuardSettings;
import org.xrv.trainer.config.TrainSettings;

/**
 * Looks at every loss and stops a run that is lost: a loss that is no number, or one that stays far
 * above what it was. What it saw goes into diverged.json.
 *
 * <p>The second rule: the mean loss of a step exceeds {@code guard.lossFactor} times the median of
 * the latest losses, for {@code guard.lossSteps} steps on end. It holds from the 25th known loss
 * on, and not where one batch is learned by heart, whose loss may fall to nothing. Losses of
 * earlier processes are taken from metrics.jsonl, which has every 25th.
 */
final class DivergenceGuard {
  /** In a run's directory. */
  static final String FILE = "diverged.json";

  private static final int WINDOW = 500;
  private static final int LEAST = 25;
  private static final int SHOWN = 25;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path run;
  private final TrainSettings train;
  private final GuardSettings settings;
  private final Deque<Double> history = new ArrayDeque<>();
  private final Deque<Seen> latest = new ArrayDeque<>();
  private List<Sample> samples = List.of();
  private int high;

  /**
   * What is known of a step.
   *
   * @param loss mean over its elements
   */
  private record Seen(long step, int epoch, double loss, double rate) {}

  DivergenceGuard(LoopSettings settings) {
    this.run = settings.run();
    this.train = settings.train();
    this.settings = settings.guard();
  }

  /** Takes over the losses that the run has logged before. */
  void recall(List<Double> losses) {
    losses.forEach(this::remember);
  }

  /**
   * Looks at a step.
   *
   * @param step counted from 1
   * @param loss the sum over the elements
   * @param batch what it was computed of
   * @throws ProblemException DIVERGED, to be told through {@link #explained}
   */
  void look(long step, int epoch, double loss, long elements, double rate, List<Sample> batch) {
    samples = batch;
    double mean = elements == 0 ? loss : loss / elements;
    latest.addLast(new Seen(step, epoch, mean, rate));
    if (latest.size() > SHOWN) {
      latest.removeFirst();
    }
    if (!Double.isFinite(mean)) {
      high++;
      throw diverged("the loss of step " + step + " is " + mean);
    }
    if (elements == 0) {
      return;
    }
    OptionalDouble median = median();
    high =
        settings.lossFactor() > 0
                && !settings.overfitBatch()
                && median.isPresent()
                && mean > settings.lossFactor() * median.getAsDouble()
            ? high + 1
            : 0;
    if (high >= settings.lossSteps()) {
      throw diverged(
          String.format(
              Locale.ROOT,
              "the loss of step %d is %.4g, and for %d steps it was above %s times the run's median"
                  + " of %.4g (guard.lossFactor)",
              step,
              mean,
              high,
              number(settings.lossFactor()),
              median.getAsDouble()));
    }
    if (high == 0) {
      remember(mean);
    }
  }

  private void remember(double loss) {
    history.addLast(loss);
    if (history.size() > WINDOW) {
      history.removeFirst();
    }
  }

  /** Of the latest losses, those above the limit left out; empty while there are too few. */
  private OptionalDouble median() {
    if (history.size() < LEAST) {
      return OptionalDouble.empty();
    }
    double[] sorted = history.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return OptionalDouble.of(sorted[sorted.length / 2]);
  }

  private static ProblemException diverged(String what) {
    return new ProblemException(ProblemKind.DIVERGED, "training diverged: " + what);
  }

  /**
   * What to tell the user of a failure: a divergence, whoever noticed it, gets its file and a way
   * to go on; others stay as they are. Checkpoints of the diverged state go when there is an
   * earlier one.
   *
   * @param state the loop's when it failed
   */
  ProblemException explained(ProblemException failure, TrainingState state) {
    if (failure.kind() != ProblemKind.DIVERGED) {
      return failure;
    }
    // The weights before the first bad loss made it: they are what the step before left.
    long firstBad = high == 0 ? state.step() : latest.getLast().step() - high;
    CheckpointStore.discardFrom(run, firstBad, state.best().map(TrainingState.Best::step));
    Optional<Long> kept = CheckpointStore.steps(run).stream().findFirst();
    Path file = run.resolve(FILE);
    AtomicFiles.write(file, document(failure, kept).getBytes(StandardCharsets.UTF_8));
    return new ProblemException(
        ProblemKind.DIVERGED,
        failure.getMessage()
            + "; "
            + file
            + " names the images of its batch; "
            + kept.map(
                    step ->
                        "the last good checkpoint, of step "
                            + step
                            + ", was kept; the same command with --resume changed and --lr "
                            + half(train.lr())
                            + " goes on from it with a lower learning rate")
                .orElse(
                    "there is no checkpoint yet; begin again with a lower learning rate, such as"
                        + " --lr "
                        + half(train.lr())),
        failure);
  }

  private String document(ProblemException failure, Optional<Long> kept) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", 1);
    document.put("reason", failure.getMessage());
    if (!latest.isEmpty()) {
      Seen last = latest.getLast();
      document.put("step", last.step());
      document.put("epoch", last.epoch() + 1);
      document.put("loss", json(last.loss()));
      document.put("learningRate", last.rate());
    }
    median().ifPresent(m -> document.put("medianLoss", m));
    document.put("lastGoodCheckpoint", kept.orElse(null));
    document.put("samples", samples.stream().map(DivergenceGuard::sample).toList());
    List<Map<String, Object>> losses = new ArrayList<>();
    for (Seen seen : latest) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("step", seen.step());
      line.put("loss", json(seen.loss()));
      line.put("learningRate", seen.rate());
      losses.add(line);
    }
    document.put("lastLosses", losses);
    try {
      return JSON.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> sample(Sample sample) {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("dataset", sample.dataset());
    names.put("id", sample.id());
    names.put("patient", sample.patient());
    return names;
  }

  /** JSON has no word for what is no number. */
  private static Object json(double value) {
    return Double.isFinite(value) ? (Object) value : Double.toString(value);
  }

  private static String half(double rate) {
    return new BigDecimal(rate / 2).round(new MathContext(3)).stripTrailingZeros().toString();
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
