package org.xrv.converter.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;

/** Writes the methods of a {@link TrainingProgram}. */
final class TrainingCompiler {
  private final Graph graph;
  private final Loss loss;
  private final Adam adam;
  private final Numerics numerics;
  private final TypeScript types;
  private final List<TrainingProgram.Group> groups;
  private final List<Parameter> rest;

  TrainingCompiler(Graph graph, Loss loss, Adam adam, Numerics numerics) {
    this.graph = graph;
    this.loss = loss;
    this.adam = adam;
    this.numerics = numerics;
    this.types = new TypeScript(numerics);
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
        TorchScriptArchive.of(step() + predict() + packing()), groups, rest, adam.amsgrad());
  }

  private String step() {
    List<String> arguments = new ArrayList<>(List.of("x", "t", "lr", "step"));
    List<String> lists = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.addAll(List.of("p" + g, "m" + g, "v" + g));
      if (adam.amsgrad()) {
        lists.add("q" + g);
      }
    }
    if (!rest.isEmpty()) {
      lists.add("s");
    }
    StringBuilder text = new StringBuilder();
    Map<String, String> gradients =
        StepScript.covers(graph) ? explicitGradients(text) : autogradGradients(text);
    for (int g = 0; g < groups.size(); g++) {
      optimizer(text, g, gradients);
    }
    return method("train_step", arguments, lists, text.toString(), "torch.detach(loss)");
  }

  private Map<String, String> explicitGradients(StringBuilder text) {
    StepScript script = new StepScript(graph, numerics);
    bindParameters(script::bind);
    script.bind(graph.input().name(), "x");
    String output = script.forward();
    script.line("leaf = torch.requires_grad_(torch.detach(" + output + "))");
    new LossScript(loss, script::line).write("leaf");
    script.line("grads = torch.autograd.grad([loss], [leaf])");
    Map<String, String> gradients = script.backward("unchecked_cast(Tensor, grads[0])");
    text.append(script.text());
    return gradients;
  }

  private Map<String, String> autogradGradients(StringBuilder text) {
    ScriptWriter script = new ScriptWriter(numerics, true);
    bindParameters(script::bind);
    Map<String, String> gradients = new HashMap<>();
    List<String> leaves = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      for (int i = 0; i < groups.get(g).parameters().size(); i++) {
        // A detached alias shares the storage: it collects a gradient, while the optimizer changes
        // the original in place.
        String leaf = "p" + g + "_" + i;
        script.line(leaf + " = torch.requires_grad_(torch.detach(p" + g + "[" + i + "]))");
        Parameter parameter = groups.get(g).parameters().get(i);
        script.bind(parameter.name(), leaf);
        gradients.put(
            parameter.name(),
            types.gradient(
                "unchecked_cast(Tensor, grads[" + leaves.size() + "])", parameter.shape().rank()));
        leaves.add(leaf);
      }
    }
    script.bind(graph.input().name(), input());
    script.graph(graph);
    new LossScript(loss, script::line).write(types.stored(script.value(graph.output())));
    script.line("grads = torch.autograd.grad([loss], [" + String.join(", ", leaves) + "])");
    text.append(script.text());
    return gradients;
  }

  private String input() {
    return types.activation("x", graph.input().shape().rank());
  }

  private void optimizer(StringBuilder text, int g, Map<String, String> gradients) {
    List<Parameter> parameters = groups.get(g).parameters();
    List<String> of = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      // What the output does not depend on has no gradient but its weight decay.
      of.add(
          gradients.getOrDefault(
              parameters.get(i).name(), "torch.zeros_like(p" + g + "[" + i + "])"));
    }
    line(text, "g" + g + " = [" + String.join(", ", of) + "]");
    line(
        text,
        "steps" + g + " = [" + String.join(", ", Collections.nCopies(of.size(), "step")) + "]");
    // The lists p, m, v, q are arguments: a call on list literals alone has no visible effect and
    // is silently removed.
    String maxima = adam.amsgrad() ? "q" + g : "annotate(List[Tensor], [])";
    line(
        text,
        "torch._fused_adam_("
            + String.join(", ", "p" + g, "g" + g, "m" + g, "v" + g, maxima, "steps" + g)
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
  }

  private static void line(StringBuilder text, String statement) {
    text.append("    ").append(statement).append('\n');
  }

  private String predict() {
    ScriptWriter script = new ScriptWriter(numerics, false);
    List<String> lists = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.add("p" + g);
    }
    if (!rest.isEmpty()) {
      lists.add("s");
    }
    bindParameters(script::bind);
    script.line("image = " + input());
    script.bind(graph.input().name(), "image");
    script.graph(graph);
    return method(
        "predict", List.of("x"), lists, script.text(), types.stored(script.value(graph.output())));
  }

  /** Methods between the order in memory of the shapes and that of the program, for each group. */
  private String packing() {
    StringBuilder methods = new StringBuilder();
    TypeScript plain = new TypeScript(Numerics.of(numerics.precision()));
    for (int g = 0; g < groups.size(); g++) {
      for (boolean pack : new boolean[] {true, false}) {
        List<String> results = new ArrayList<>();
        for (int i = 0; i < groups.get(g).parameters().size(); i++) {
          int rank = groups.get(g).parameters().get(i).shape().rank();
          results.add((pack ? types : plain).packed("l[" + i + "]", rank));
        }
        methods
            .append("  def ")
            .append(pack ? "pack" : "unpack")
            .append(g)
            .append("(self: __torch__.Net,\n    anchor: Tensor,\n    l: List[Tensor])")
            .append(" -> List[Tensor]:\n    return [")
            .append(String.join(", ", results))
            .append("]\n");
      }
    }
    return methods.toString();
  }

  private void bindParameters(BiConsumer<String, String> bind) {
    for (int g = 0; g < groups.size(); g++) {
      for (int i = 0; i < groups.get(g).parameters().size(); i++) {
        bind.accept(groups.get(g).parameters().get(i).name(), "p" + g + "[" + i + "]");
      }
    }
    for (int i = 0; i < rest.size(); i++) {
      bind.accept(rest.get(i).name(), "s[" + i + "]");
    }
  }

  private static String method(
      String name, List<String> tensors, List<String> lists, String statements, String result) {
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
        + statements
        + "    return "
        + result
        + "\n";
  }
}
