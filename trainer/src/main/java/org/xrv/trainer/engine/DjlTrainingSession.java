package org.xrv.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.torchscript.MemoryLayout;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.TrainingProgram;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * The lists of a {@link TrainingProgram} in native memory. All of a step's own tensors live in a
 * manager that is closed with the step.
 */
final class DjlTrainingSession implements TrainingSession {
  private static final List<String> MOMENTS = List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq");
  private static final List<String> MOMENT_LISTS = List.of("m", "v", "q");

  private final NDManager manager;
  private final Graph graph;
  private final TrainingProgram program;
  private final Numerics numerics;
  private final DjlProgram loaded;
  private final List<NDList> parameters = new ArrayList<>();

  /** By group, then by moment. */
  private final List<List<NDList>> moments = new ArrayList<>();

  private final NDList rest;
  private long steps;

  DjlTrainingSession(
      NDManager manager,
      Graph graph,
      TrainingProgram program,
      NamedTensors weights,
      Numerics numerics) {
    this.manager = manager;
    this.graph = graph;
    this.program = program;
    this.numerics = numerics;
    this.loaded = new DjlProgram(manager, program.archive());
    Map<String, FloatTensor> zeros = new HashMap<>();
    for (Parameter p : program.groups().stream().flatMap(g -> g.parameters().stream()).toList()) {
      moments().forEach(m -> zeros.put(m + "/" + p.name(), FloatTensor.zeros(p.shape())));
    }
    for (int g = 0; g < program.groups().size(); g++) {
      List<Parameter> group = program.groups().get(g).parameters();
      parameters.add(DjlEngine.load(manager, group, weights, "p" + g, numerics.precision()));
      List<NDList> lists = new ArrayList<>();
      for (int m = 0; m < moments().size(); m++) {
        lists.add(
            DjlEngine.load(
                manager,
                prefixed(group, moments().get(m)),
                new NamedTensors(zeros),
                MOMENT_LISTS.get(m) + g,
                numerics.precision()));
      }
      moments.add(lists);
    }
    this.rest = DjlEngine.load(manager, program.rest(), weights, "s", numerics.precision());
    pack();
  }

  /** Brings parameters and moments into the order in memory that steps work in. */
  private void pack() {
    for (int g = 0; g < parameters.size(); g++) {
      parameters.set(g, packed(g, parameters.get(g)));
      int group = g;
      moments.get(g).replaceAll(list -> packed(group, list));
    }
  }

  /** The same values in the program's order; the given arrays are closed. */
  private NDList packed(int group, NDList list) {
    if (numerics.layout() == MemoryLayout.CONTIGUOUS) {
      return list;
    }
    NDList result = rearranged(manager, "pack" + group, list);
    list.close();
    return result;
  }

  /** The values in the order of the shapes; what is not the session's own belongs to the scope. */
  private NDList unpacked(NDManager scope, int group, NDList list) {
    return numerics.layout() == MemoryLayout.CONTIGUOUS
        ? list
        : rearranged(scope, "unpack" + group, list);
  }

  private NDList rearranged(NDManager owner, String method, NDList list) {
    String name = list.get(0).getName();
    NDList arguments = new NDList();
    // The method's only list is called l.
    list.forEach(a -> a.setName(DjlProgram.listName("l")));
    arguments.addAll(list);
    NDArray anchor = owner.create(0f);
    NDList result = loaded.call(method, List.of(anchor), List.of(arguments));
    anchor.close();
    list.forEach(a -> a.setName(name));
    result.forEach(a -> a.setName(name));
    return result;
  }

  private List<String> moments() {
    return MOMENTS.subList(0, program.amsgrad() ? 3 : 2);
  }

  private static List<Parameter> prefixed(List<Parameter> group, String moment) {
    return group.stream()
        .map(p -> new Parameter(moment + "/" + p.name(), p.shape(), p.kind()))
        .toList();
  }

  @Override
  public double step(FloatTensor input, FloatTensor target, double learningRate) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = DjlEngine.array(scope, input, numerics.precision());
      NDArray t = DjlEngine.array(scope, target, numerics.precision());
      return step(scope, x, t, learningRate);
    }
  }

  /** The step on arrays that the scope owns. */
  double step(NDManager scope, NDArray x, NDArray t, double learningRate) {
    NDArray rate = scope.create(new double[] {learningRate});
    NDArray count = scope.create(new float[] {steps + 1});
    List<NDList> lists = new ArrayList<>();
    for (int g = 0; g < parameters.size(); g++) {
      lists.add(parameters.get(g));
      lists.addAll(moments.get(g));
    }
    lists.add(rest);
    NDArray loss = loaded.call("train_step", List.of(x, t, rate, count), lists).singletonOrThrow();
    steps++;
    return loss.getDataType() == DataType.FLOAT64
        ? loss.toDoubleArray()[0]
        : loss.toFloatArray()[0];
  }

  @Override
  public FloatTensor predict(FloatTensor input) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = DjlEngine.array(scope, input, numerics.precision());
      List<NDList> lists = new ArrayList<>(parameters);
      lists.add(rest);
      return DjlEngine.tensor(loaded.call("predict", List.of(x), lists).singletonOrThrow());
    }
  }

  @Override
  public NamedTensors weights() {
    Map<String, FloatTensor> all = new HashMap<>();
    try (NDManager scope = manager.newSubManager()) {
      for (int g = 0; g < parameters.size(); g++) {
        List<Parameter> group = program.groups().get(g).parameters();
        DjlEngine.named(group, "", unpacked(scope, g, parameters.get(g)), all);
      }
    }
    DjlEngine.named(program.rest(), "", rest, all);
    Map<String, FloatTensor> ordered = new LinkedHashMap<>();
    graph.parameters().keySet().forEach(name -> ordered.put(name, all.get(name)));
    return new NamedTensors(ordered);
  }

  @Override
  public NamedTensors optimizerState() {
    Map<String, FloatTensor> all = new LinkedHashMap<>();
    try (NDManager scope = manager.newSubManager()) {
      for (int m = 0; m < moments().size(); m++) {
        for (int g = 0; g < moments.size(); g++) {
          List<Parameter> group = program.groups().get(g).parameters();
          NDList list = unpacked(scope, g, moments.get(g).get(m));
          DjlEngine.named(group, moments().get(m) + "/", list, all);
        }
      }
    }
    return new NamedTensors(all);
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public void restore(NamedTensors weights, NamedTensors optimizerState, long steps) {
    weights.requireFor(graph);
    for (int g = 0; g < parameters.size(); g++) {
      List<Parameter> group = program.groups().get(g).parameters();
      copy(weights, group, parameters.get(g));
      for (int m = 0; m < moments().size(); m++) {
        copy(optimizerState, prefixed(group, moments().get(m)), moments.get(g).get(m));
      }
    }
    copy(weights, program.rest(), rest);
    pack();
    this.steps = steps;
  }

  /** New arrays instead of NDArray.set, which makes libtorch print a warning to its developers. */
  private void copy(NamedTensors from, List<Parameter> parameters, NDList into) {
    for (int i = 0; i < parameters.size(); i++) {
      FloatTensor tensor = from.get(parameters.get(i).name());
      if (!tensor.shape().equals(parameters.get(i).shape())) {
        throw new IllegalArgumentException(
            parameters.get(i) + " restored from shape " + tensor.shape());
      }
      try (NDArray old = into.get(i)) {
        NDArray restored = DjlEngine.array(manager, tensor, numerics.precision());
        restored.setName(old.getName());
        into.set(i, restored);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
