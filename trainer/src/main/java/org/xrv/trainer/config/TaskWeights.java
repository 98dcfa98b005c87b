package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.xrv.trainer.data.LabelCounts;

/** How much a target's labels count in the loss. No record: it is read from a word or a list. */
public final class TaskWeights {
  private static final String KEY = "tasks.weights";
  private static final String EXPECTED =
      Arrays.stream(Rule.values())
              .filter(r -> r != Rule.GIVEN)
              .map(TaskWeights::word)
              .collect(Collectors.joining(", "))
          + ", or a list of positive numbers, one for each target";

  /** How weights come about. */
  public enum Rule {
    /** 1 for every target. */
    NONE,
    /**
     * Every target's loss is the same as long as nothing but its share of positives is known: 1 /
     * (n H(q)) for n known labels with a share q of positives, H(q) = -q log q - (1 - q) log(1 -
     * q), times a common factor that makes the mean weight over all known labels 1. A target
     * without positives or without negatives weighs 1.
     */
    BALANCED,
    /**
     * As the training script of torchxrayvision has it: max - p + mean over p, the targets' numbers
     * of positives, divided by the largest of these. That script takes the mean over each target's
     * labels before, here they are summed.
     */
    TORCHXRAYVISION,
    /** By the user. */
    GIVEN
  }

  private final Rule rule;
  private final List<Double> numbers;

  private TaskWeights(Rule rule, List<Double> numbers) {
    this.rule = rule;
    this.numbers = List.copyOf(numbers);
    Settings.require(
        numbers.stream().allMatch(w -> w > 0 && Double.isFinite(w)), KEY, numbers, EXPECTED);
  }

  /** From a word or a list of numbers. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static TaskWeights of(JsonNode node) {
    if (node.isTextual()) {
      for (Rule rule : Rule.values()) {
        if (rule != Rule.GIVEN && word(rule).equalsIgnoreCase(node.textValue())) {
          return new TaskWeights(rule, List.of());
        }
      }
    }
    Settings.require(node.isArray() && !node.isEmpty(), KEY, node, EXPECTED);
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : node) {
      Settings.require(item.isNumber(), KEY, node, EXPECTED);
      numbers.add(item.asDouble());
    }
    return new TaskWeights(Rule.GIVEN, numbers);
  }

  /** How the weights come about. */
  public Rule rule() {
    return rule;
  }

  /** Of {@link Rule#GIVEN}, in the order of the targets; else empty. */
  public List<Double> numbers() {
    return numbers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskWeights w && rule == w.rule && numbers.equals(w.numbers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(rule, numbers);
  }

  @Override
  public String toString() {
    return value().toString();
  }

  /** What {@link #of} reads. */
  @JsonValue
  Object value() {
    return rule == Rule.GIVEN ? numbers : word(rule);
  }

  private static String word(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The weights.
   *
   * @param counts of the training labels of each target
   * @return above 0, or 0 where torchxrayvision's rule says so; in the order of the targets
   */
  public List<Double> weights(List<LabelCounts> counts) {
    return switch (rule) {
      case NONE -> counts.stream().map(c -> 1.0).toList();
      case BALANCED -> balanced(counts);
      case TORCHXRAYVISION -> torchxrayvision(counts);
      case GIVEN -> numbers;
    };
  }

  private static List<Double> balanced(List<LabelCounts> counts) {
    double labels = 0;
    double weighted = 0;
    for (LabelCounts c : counts) {
      if (c.bothKinds()) {
        labels += c.known();
        weighted += c.known() / uncertainty(c);
      }
    }
    double factor = labels / weighted;
    return counts.stream().map(c -> c.bothKinds() ? factor / uncertainty(c) : 1.0).toList();
  }

  /** n H(q), in nats. */
  private static double uncertainty(LabelCounts c) {
    double n = c.known();
    return -c.present() * Math.log(c.present() / n) - c.absent() * Math.log(c.absent() / n);
  }

  private static List<Double> torchxrayvision(List<LabelCounts> counts) {
    double[] p = counts.stream().mapToDouble(LabelCounts::present).toArray();
    double max = DoubleStream.of(p).max().orElseThrow();
    double mean = DoubleStream.of(p).average().orElseThrow();
    double[] w = DoubleStream.of(p).map(x -> max - x + mean).toArray();
    double largest = DoubleStream.of(w).max().orElseThrow();
    return DoubleStream.of(w).map(x -> largest == 0 ? 1 : x / largest).boxed().toList();
  }
}
