package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;

/** Writes the methods of a {@link TrainingProgram}. */
final class TrainingCompiler {
  private final Graph graph;
  private final Loss loss;
  private final Adam adam;
  private final Precision precision;
  private final List<TrainingProgram.Group> groups;
  private final List<Parameter> rest;

  TrainingCompiler(Graph graph, Loss loss, Adam adam, Precision precision) {
    this.graph = graph;
    this.loss = loss;
    this.adam = adam;
    this.precision = precision;
    Map<Double, List<Parameter>> byScale = new TreeMap<>();
    List<Parameter> untouched = new ArrayList<>();
    for (Parameter p : graph.parameters().values()) {
      if (p.kind().trainable()) {
        byScale
            .computeIfAbsent(
                adam.learningRateScale().getOrDefault(p.name(), 1.0), k -> new ArrayList<>())
            .add(p);
      } else {
        untouched.add(p);
      }
    }
    adam.learningRateScale()
        .keySet()
        .forEach(
            name -> {
              if (!graph.parameters().containsKey(name)) {
                throw new IllegalArgumentException(
                    "learning-rate scale for '"
                        + name
                        + "', which "
                        + graph.name()
                        + " does not have");
              }
            });
    this.groups =
        byScale.entrySet().stream()
            .map(e -> new TrainingProgram.Group(e.getKey(), e.getValue()))
            .toList();
    this.rest = untouched;
  }

  TrainingProgram compile() {
    return new TrainingProgram(
        TorchScriptArchive.of(step() + predict()), groups, rest, adam.amsgrad());
  }

  private String step() {
    ScriptWriter script = new ScriptWriter(precision, true);
    List<String> arguments = new ArrayList<>(List.of("x", "t", "lr", "step"));
    List<String> lists = new ArrayList<>();
    List<String> leaves = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.addAll(List.of("p" + g, "m" + g, "v" + g));
      if (adam.amsgrad()) {
        lists.add("q" + g);
      }
      for (int i = 0; i < groups.get(g).parameters().size(); i++) {
        // A detached alias shares the storage: it collects a gradient, while the optimizer changes
        // the original in place.
        String leaf = "p" + g + "_" + i;
        script.line(leaf + " = torch.requires_grad_(torch.detach(p" + g + "[" + i + "]))");
        script.bind(groups.get(g).parameters().get(i).name(), leaf);
        leaves.add(leaf);
      }
    }
    bindRest(script, lists);
    script.bind(graph.input().name(), "x");
    script.graph(graph);
    loss(script, script.value(graph.output()));
    script.line(
        "grads = torch.autograd.grad([loss], "
            + leaves.stream().collect(Collectors.joining(", ", "[", "]"))
            + ")");
    int first = 0;
    for (int g = 0; g < groups.size(); g++) {
      int n = groups.get(g).parameters().size();
      script.line(
          "g"
              + g
              + " = "
              + IntStream.range(first, first + n)
                  .mapToObj(i -> "unchecked_cast(Tensor, grads[" + i + "])")
                  .collect(Collectors.joining(", ", "[", "]")));
      script.line(
          "steps"
              + g
              + " = "
              + IntStream.range(0, n)
                  .mapToObj(i -> "step")
                  .collect(Collectors.joining(", ", "[", "]")));
      // The lists p, m, v, q are arguments: a call on list literals alone has no visible effect and
      // is silently removed.
      String maxima = adam.amsgrad() ? "q" + g : "annotate(List[Tensor], [])";
      script.line(
          "torch._fused_adam_(p"
              + g
              + ", g"
              + g
              + ", m"
              + g
              + ", v"
              + g
              + ", "
              + maxima
              + ", steps"
              + g
              + ", lr=torch.mul(float(lr), "
              + groups.get(g).learningRateScale()
              + "), beta1="
              + adam.beta1()
              + ", beta2="
              + adam.beta2()
              + ", weight_decay="
              + adam.weightDecay()
              + ", eps="
              + adam.epsilon()
              + ", amsgrad="
              + (adam.amsgrad() ? "True" : "False")
              + ", maximize=False)");
      first += n;
    }
    return method("train_step", arguments, lists, script, "torch.detach(loss)");
  }

  private String predict() {
    ScriptWriter script = new ScriptWriter(precision, false);
    List<String> lists = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.add("p" + g);
      for (int i = 0; i < groups.get(g).parameters().size(); i++) {
        script.bind(groups.get(g).parameters().get(i).name(), "p" + g + "[" + i + "]");
      }
    }
    bindRest(script, lists);
    script.bind(graph.input().name(), "x");
    script.graph(graph);
    return method("predict", List.of("x"), lists, script, script.value(graph.output()));
  }

  private void bindRest(ScriptWriter script, List<String> lists) {
    if (!rest.isEmpty()) {
      lists.add("s");
    }
    for (int i = 0; i < rest.size(); i++) {
      script.bind(rest.get(i).name(), "s[" + i + "]");
    }
  }

  private void loss(ScriptWriter script, String output) {
    if (loss == Loss.BINARY_CROSS_ENTROPY) {
      script.line("known = torch.eq(t, t)"); // NaN is not equal to itself
      script.line("label = torch.where(known, t, torch.zeros_like(t))");
      script.line(
          "each = torch.binary_cross_entropy_with_logits(" + output + ", label, None, None, 0)");
      script.line("loss = torch.sum(torch.where(known, each, torch.zeros_like(each)))");
      return;
    }
    script.line("difference = torch.sub(" + output + ", t)");
    String squared = "torch.sum(torch.mul(difference, difference))";
    String absolute = "torch.sum(torch.abs(difference))";
    script.line(
        "loss = "
            + switch (loss) {
              case ELASTIC -> "torch.add(" + squared + ", " + absolute + ")";
              case MSE -> squared;
              case MAE -> absolute;
              case BINARY_CROSS_ENTROPY -> throw new AssertionError(loss);
            });
  }

  private static String method(
      String name, List<String> tensors, List<String> lists, ScriptWriter script, String result) {
    String arguments =
        tensors.stream().map(a -> ",\n    " + a + ": Tensor").collect(Collectors.joining())
            + lists.stream()
                .map(a -> ",\n    " + a + ": List[Tensor]")
                .collect(Collectors.joining());
    return "  def "
        + name
        + "(self: __torch__.Net"
        + arguments
        + ") -> Tensor:\n"
        + script.text()
        + "    return "
        + result
        + "\n";
  }
}
