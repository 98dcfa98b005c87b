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
import org.xrv.core.graph.ShapeInference;

/** Writes the methods of a {@link TrainingProgram}. */
final class TrainingCompiler {
  private final Graph graph;
  private final TrainingRecipe recipe;
  private final Adam adam;
  private final Numerics numerics;
  private final TypeScript types;
  private final List<TrainingProgram.Group> groups;
  private final List<Parameter> rest;

  TrainingCompiler(Graph graph, TrainingRecipe recipe, Numerics numerics) {
    this.graph = graph;
    this.recipe = recipe;
    this.adam = recipe.adam();
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
    String methods = step() + part() + update() + arithmetic() + predict() + packing();
    return new TrainingProgram(TorchScriptArchive.of(methods), groups, rest, adam.amsgrad());
  }

  private String step() {
    List<String> lists = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.add("p" + g);
      lists.addAll(moments(g));
    }
    StringBuilder text = new StringBuilder();
    Map<String, String> gradients = gradients(text);
    for (int g = 0; g < groups.size(); g++) {
      line(text, "g" + g + " = [" + String.join(", ", inOrder(g, gradients)) + "]");
    }
    optimizer(text);
    return method(
        "train_step",
        List.of("x", "t", "lr", "step"),
        withRest(lists),
        text.toString(),
        "[torch.detach(loss), norm]");
  }

  private String part() {
    StringBuilder text = new StringBuilder();
    Map<String, String> gradients = gradients(text);
    List<String> results = new ArrayList<>(List.of("torch.detach(loss)"));
    List<String> lists = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.add("p" + g);
      results.addAll(inOrder(g, gradients));
    }
    return method(
        "part",
        List.of("x", "t"),
        withRest(lists),
        text.toString(),
        "[" + String.join(", ", results) + "]");
  }

  private String update() {
    List<String> lists = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      lists.addAll(List.of("p" + g, "g" + g));
      lists.addAll(moments(g));
    }
    StringBuilder text = new StringBuilder();
    optimizer(text);
    return method("update", List.of("lr", "step"), lists, text.toString(), "[norm]");
  }

  private static String arithmetic() {
    List<String> two = List.of("a", "b");
    return method("sum", List.of("anchor"), two, "    torch._foreach_add_(a, b)\n", "[anchor]")
        + method(
            "average",
            List.of("share"),
            two,
            "    torch._foreach_lerp_(a, b, float(share))\n",
            "[share]")
        + method(
            "scale",
            List.of("share"),
            List.of("a"),
            "    torch._foreach_mul_(a, float(share))\n",
            "[share]");
  }

  private List<String> moments(int g) {
    return adam.amsgrad() ? List.of("m" + g, "v" + g, "q" + g) : List.of("m" + g, "v" + g);
  }

  private List<String> withRest(List<String> lists) {
    List<String> all = new ArrayList<>(lists);
    if (!rest.isEmpty()) {
      all.add("s");
    }
    return all;
  }

  private Map<String, String> gradients(StringBuilder text) {
    return StepScript.covers(graph) ? explicitGradients(text) : autogradGradients(text);
  }

  private LossScript loss(java.util.function.Consumer<String> line) {
    return new LossScript(
        recipe.loss(), ShapeInference.infer(graph).get(graph.output()).shape(), line);
  }

  private Map<String, String> explicitGradients(StringBuilder text) {
    StepScript script = new StepScript(graph, numerics);
    bindParameters(script::bind);
    script.bind(graph.input().name(), "x");
    String output = script.forward();
    script.line("leaf = torch.requires_grad_(torch.detach(" + output + "))");
    loss(script::line).write("leaf");
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
    loss(script::line).write(types.stored(script.value(graph.output())));
    script.line("grads = torch.autograd.grad([loss], [" + String.join(", ", leaves) + "])");
    text.append(script.text());
    return gradients;
  }

  private String input() {
    return types.activation("x", graph.input().shape().rank());
  }

  /** The gradients of a group; what the output does not depend on has none but its decay. */
  private List<String> inOrder(int g, Map<String, String> gradients) {
    List<Parameter> parameters = groups.get(g).parameters();
    List<String> of = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      of.add(
          gradients.getOrDefault(
              parameters.get(i).name(), "torch.zeros_like(p" + g + "[" + i + "])"));
    }
    return of;
  }

  /** Steps by the lists g, whose common norm is then named "norm". */
  private void optimizer(StringBuilder text) {
    String norms = "torch._foreach_norm(g0, 2)";
    for (int g = 1; g < groups.size(); g++) {
      norms = "torch.add(" + norms + ", torch._foreach_norm(g" + g + ", 2))";
    }
    line(text, "norm = torch.norm(torch.stack(" + norms + ", 0), 2)");
    if (recipe.clipNorm() > 0) {
      // Gradients are divided by it; at least 1, as clip_grad_norm_ does it but for its 1e-6.
      line(
          text,
          "longer = torch.to(torch.clamp(torch.div(norm, "
              + recipe.clipNorm()
              + "), 1., None), 6)");
    }
    for (int g = 0; g < groups.size(); g++) {
      int size = groups.get(g).parameters().size();
      line(text, "steps" + g + " = [" + String.join(", ", Collections.nCopies(size, "step")) + "]");
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
              + ", maximize=False"
              + (recipe.clipNorm() > 0 ? ", grad_scale=longer" : "")
              + ")");
    }
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
    bindParameters(script::bind);
    script.line("image = " + input());
    script.bind(graph.input().name(), "image");
    script.graph(graph);
    return method(
        "predict",
        List.of("x"),
        withRest(lists),
        script.text(),
        "[" + types.stored(script.value(graph.output())) + "]");
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
        + ") -> List[Tensor]:\n"
        + statements
        + "    return "
        + result
        + "\n";
  }
}
