package org.xrv.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.trainer.checkpoint.Checkpoint;
import org.xrv.trainer.checkpoint.CheckpointStore;
import org.xrv.trainer.checkpoint.TrainingState;

/**
 * Two runs compared: metrics.jsonl line by line, the weights of checkpoints of the same steps bit
 * by bit, and what they say about where they were trained.
 *
 * @param identical whether nothing compared differs
 * @param lines to read
 */
public record RunComparison(boolean identical, List<String> lines) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public RunComparison {
    lines = List.copyOf(lines);
  }

  /**
   * Compares.
   *
   * @param limit the last step to compare
   */
  static RunComparison of(Path there, Path here, long limit) {
    List<String> same = new ArrayList<>();
    List<String> different = new ArrayList<>();
    metrics(RunTrace.read(there).upTo(limit), RunTrace.read(here).upTo(limit), same, different);
    List<Long> steps = new ArrayList<>(CheckpointStore.steps(there));
    steps.retainAll(CheckpointStore.steps(here));
    steps.removeIf(s -> s > limit);
    for (int i = 0; i < steps.size(); i++) {
      weights(there, here, steps.get(i), i == 0, same, different);
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        (different.isEmpty() ? "identical up to step " : "different up to step ")
            + limit
            + ": "
            + String.join("; ", different.isEmpty() ? same : different));
    if (!different.isEmpty() && !same.isEmpty()) {
      lines.add("the same: " + String.join("; ", same));
    }
    if (steps.isEmpty()) {
      lines.add("weights were not compared: there are no checkpoints of the same step");
    }
    lines.addAll(environment(there, here));
    return new RunComparison(different.isEmpty(), lines);
  }

  private static void metrics(
      List<RunTrace.Line> a, List<RunTrace.Line> b, List<String> same, List<String> different) {
    Optional<String> first = Optional.empty();
    double largest = 0;
    String where = "";
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (a.get(i).text().equals(b.get(i).text())) {
        continue;
      }
      Map<String, JsonNode> here = values(b.get(i).values());
      for (var entry : values(a.get(i).values()).entrySet()) {
        JsonNode x = entry.getValue();
        JsonNode y = here.getOrDefault(entry.getKey(), MissingNode.getInstance());
        if (x.equals(y)) {
          continue;
        }
        String place = entry.getKey() + " of step " + a.get(i).step();
        if (first.isEmpty()) {
          first = Optional.of(place + " is " + x + " there and " + told(y) + " here");
        }
        double relative = relative(x, y);
        if (relative > largest) {
          largest = relative;
          where = place;
        }
      }
      if (first.isEmpty()) {
        first = Optional.of("the line of step " + b.get(i).step() + " is written otherwise here");
      }
    }
    first.ifPresent(different::add);
    if (largest > 0) {
      different.add(
          String.format(Locale.ROOT, "largest relative difference %.2g, %s", largest, where));
    }
    if (a.size() != b.size()) {
      different.add("metrics.jsonl has " + a.size() + " lines there and " + b.size() + " here");
    } else if (first.isEmpty()) {
      same.add(a.size() + " lines of metrics.jsonl");
    }
  }

  private static String told(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }

  private static double relative(JsonNode x, JsonNode y) {
    if (!x.isNumber() || !y.isNumber()) {
      return 0;
    }
    double a = x.asDouble();
    double b = y.asDouble();
    return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  }

  private static void weights(
      Path there, Path here, long step, boolean last, List<String> same, List<String> different) {
    String name = "weights of step " + step;
    Checkpoint a;
    Checkpoint b;
    try {
      a = checkpoint(there, step);
      b = checkpoint(here, step);
    } catch (ProblemException e) {
      different.add(name + ": " + e.getMessage());
      return;
    }
    boolean best = a.state().best().map(TrainingState.Best::step).equals(Optional.of(step));
    name += last && best ? " (last and best)" : last ? " (last)" : best ? " (best)" : "";
    if (!a.model().names().equals(b.model().names())) {
      different.add(name + ": other names");
      return;
    }
    Optional<String> difference = difference(a.model(), b.model());
    if (difference.isPresent()) {
      different.add(name + ": " + difference.get());
    } else {
      same.add(name);
    }
  }

  private static Checkpoint checkpoint(Path run, long step) {
    return CheckpointStore.read(run.resolve(CheckpointStore.DIRECTORY).resolve("step-" + step));
  }

  /** The largest difference in units of its tensor's largest value; empty when bits are equal. */
  private static Optional<String> difference(NamedTensors a, NamedTensors b) {
    double largest = -1;
    String where = "";
    for (String name : a.names()) {
      float[] x = a.get(name).data();
      float[] y = b.get(name).data();
      // By bits: 0 and -0 are not the same.
      if (Arrays.equals(x, y)) {
        continue;
      }
      double scale = Double.MIN_NORMAL;
      double most = 0;
      for (int i = 0; i < Math.min(x.length, y.length); i++) {
        scale = Math.max(scale, Math.abs(x[i]));
        most = Math.max(most, Math.abs((double) x[i] - y[i]));
      }
      double relative = x.length == y.length ? most / scale : Double.POSITIVE_INFINITY;
      if (relative > largest) {
        largest = relative;
        where = name;
      }
    }
    return largest < 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "largest difference %.2g of the largest value of '%s'",
                largest,
                where));
  }

  private static List<String> environment(Path there, Path here) {
    Map<String, String> a = facts(there);
    Map<String, String> b = facts(here);
    List<String> lines = new ArrayList<>();
    var keys = new TreeSet<>(a.keySet());
    keys.addAll(b.keySet());
    for (String key : keys) {
      String x = a.getOrDefault(key, "not told");
      String y = b.getOrDefault(key, "not told");
      if (!x.equals(y)) {
        lines.add("environment: " + key + ": " + x + " there, " + y + " here");
      }
    }
    if (lines.isEmpty()) {
      lines.add(
          "environment: the same program, settings, data, engine and machine as far as run.json"
              + " tells");
    }
    return lines;
  }

  private static Map<String, String> facts(Path run) {
    Path file = run.resolve(Provenance.FILE);
    Map<String, String> facts = new TreeMap<>();
    if (Files.exists(file)) {
      try {
        values(JSON.readTree(file.toFile()))
            .forEach((key, x) -> facts.put(key, x.isValueNode() ? x.asText() : x.toString()));
      } catch (IOException e) {
        throw new ProblemException(
            ProblemKind.BAD_DATA, file + ": cannot be read as JSON: " + e.getMessage(), e);
      }
    }
    return facts;
  }

  /** What is not an object, by its path such as "data.samples". */
  private static Map<String, JsonNode> values(JsonNode node) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    node.properties()
        .forEach(
            member -> {
              if (member.getValue().isObject()) {
                values(member.getValue())
                    .forEach((key, x) -> values.put(member.getKey() + "." + key, x));
              } else {
                values.put(member.getKey(), member.getValue());
              }
            });
    return values;
  }
}
