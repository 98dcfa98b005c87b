package org.xrv.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.torchscript.MemoryLayout;
import org.xrv.converter.torchscript.Numerics;
import org.xrv.converter.torchscript.TrainingProgram;
import org.xrv.converter.torchscript.TrainingRecipe;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * The lists of a {@link TrainingProgram} in native memory. All of a step's own tensors live in a
 * manager that is closed with the step.
 */
final class DjlTrainingSession implements TrainingSession {
  private static final List<String> MOMENT_LISTS = List.of("m", "v", "q");

  private final NDManager manager;
  private final Graph graph;
  private final TrainingRecipe recipe;
  private final TrainingProgram program;
  private final Numerics numerics;
  private final DjlReplica first;
  private final DjlReplicas replicas;

  /** By group, then by moment. */
  private final List<List<NDList>> moments = new ArrayList<>();

  /** By group, then those of the running statistics; empty without averaging. */
  private final List<NDList> averages = new ArrayList<>();

  private long steps;

  /**
   * @param managers one for each device; the first one's weights are the true ones
   */
  DjlTrainingSession(
      List<NDManager> managers,
      Graph graph,
      TrainingRecipe recipe,
      NamedTensors weights,
      Numerics numerics) {
    this.graph = graph;
    this.recipe = recipe;
    this.program = TrainingProgram.compile(graph, recipe, numerics);
    this.numerics = numerics;
    this.replicas = new DjlReplicas(managers, program);
    this.first = replicas.first();
    this.manager = first.manager;
    setWeights(weights);
    for (int g = 0; g < program.groups().size(); g++) {
      moments.add(zeros(g));
    }
    setAverages(weights);
    freeCopies();
  }

  /** Moments before the first step; not from Java arrays, which would take as much memory again. */
  private List<NDList> zeros(int group) {
    List<NDList> lists = new ArrayList<>();
    for (int m = 0; m < moments().size(); m++) {
      NDList list = new NDList();
      for (NDArray parameter : first.parameters.get(group)) {
        // In the parameter's order in memory, as the optimizer needs them: zerosLike() is not.
        list.add(parameter.sub(parameter));
      }
      lists.add(list);
    }
    return lists;
  }

  /**
   * Weights came through Java's heap and its buffers, hundreds of megabytes that a collector has no
   * reason to look for: it does not see how much lies beside its heap.
   */
  private static void freeCopies() {
    System.gc();
  }

  private void setWeights(NamedTensors weights) {
    first.parameters.forEach(NDList::close);
    first.parameters.clear();
    first.rest.close();
    for (int g = 0; g < program.groups().size(); g++) {
      first.parameters.add(packed(g, program.groups().get(g).parameters(), weights));
    }
    first.rest = DjlEngine.load(manager, program.rest(), weights, numerics.precision());
    replicas.follow();
  }

  private void setMoments(NamedTensors state) {
    moments.forEach(lists -> lists.forEach(NDList::close));
    moments.clear();
    for (int g = 0; g < program.groups().size(); g++) {
      List<NDList> lists = new ArrayList<>();
      for (String moment : moments()) {
        lists.add(packed(g, prefixed(moment + "/", program.groups().get(g).parameters()), state));
      }
      moments.add(lists);
    }
  }

  private void setAverages(NamedTensors weights) {
    averages.forEach(NDList::close);
    averages.clear();
    if (recipe.averaged()) {
      for (int g = 0; g < program.groups().size(); g++) {
        averages.add(packed(g, program.groups().get(g).parameters(), weights));
      }
      // A copy: what DJL makes of a Java array lies in the memory of Java.
      NDList statistics = DjlEngine.load(manager, program.rest(), weights, numerics.precision());
      averages.add(DjlReplica.copied(statistics, manager));
      statistics.close();
    }
  }

  /** Tensors as arrays of a group, in the order in memory that steps work in. */
  private NDList packed(int group, List<Parameter> parameters, NamedTensors from) {
    parameters.forEach(
        p -> {
          if (!from.get(p.name()).shape().equals(p.shape())) {
            throw new IllegalArgumentException(
                p + " given with shape " + from.get(p.name()).shape());
          }
        });
    NDList list = DjlEngine.load(manager, parameters, from, numerics.precision());
    if (numerics.layout() == MemoryLayout.CONTIGUOUS) {
      return list;
    }
    NDList result = DjlState.rearranged(first.loaded, manager, "pack" + group, list);
    list.close();
    return result;
  }

  private List<String> moments() {
    return DjlState.MOMENTS.subList(0, program.amsgrad() ? 3 : 2);
  }

  private static List<Parameter> prefixed(String prefix, List<Parameter> group) {
    return group.stream().map(p -> new Parameter(prefix + p.name(), p.shape(), p.kind())).toList();
  }

  @Override
  public StepResult step(FloatTensor input, FloatTensor target, double learningRate) {
    try (NDManager scope = manager.newSubManager()) {
      if (recipe.parts() == 1) {
        NDArray x = DjlEngine.array(scope, input, numerics.precision());
        NDArray t = DjlEngine.array(scope, target, numerics.precision());
        return step(scope, x, t, learningRate);
      }
      return stepOfParts(scope, parts(input), parts(target), learningRate);
    }
  }

  /** The step on arrays that the scope owns. */
  StepResult step(NDManager scope, NDArray x, NDArray t, double learningRate) {
    List<NDList> lists = new ArrayList<>();
    for (int g = 0; g < first.parameters.size(); g++) {
      lists.add(DjlProgram.list("p" + g, first.parameters.get(g)));
      addMoments(g, lists);
    }
    lists.add(DjlProgram.list("s", first.rest));
    NDList result =
        first.loaded.call(
            "train_step", List.of(x, t, rate(scope, learningRate), count(scope)), lists);
    return stepped(scope, number(result.get(0)), number(result.get(1)));
  }

  private StepResult stepOfParts(
      NDManager scope, List<FloatTensor> x, List<FloatTensor> t, double learningRate) {
    DjlReplica.Part sum = replicas.sum(scope, x, t, numerics.precision());
    double loss = number(sum.loss());
    List<NDList> lists = new ArrayList<>();
    int at = 0;
    for (int g = 0; g < first.parameters.size(); g++) {
      int end = at + first.parameters.get(g).size();
      lists.add(DjlProgram.list("p" + g, first.parameters.get(g)));
      lists.add(DjlProgram.list("g" + g, new NDList(sum.gradients().subList(at, end))));
      addMoments(g, lists);
      at = end;
    }
    NDList norm =
        first.loaded.call("update", List.of(rate(scope, learningRate), count(scope)), lists);
    if (!first.rest.isEmpty()) {
      first.rest.close();
      first.rest = sum.statistics();
      NDArray share = scope.create(new double[] {1.0 / recipe.parts()});
      first.loaded.call("scale", List.of(share), List.of(DjlProgram.list("a", first.rest)));
      first.rest.attach(manager);
    }
    StepResult result = stepped(scope, loss, number(norm.get(0)));
    replicas.follow();
    return result;
  }

  private void addMoments(int g, List<NDList> lists) {
    for (int m = 0; m < moments.get(g).size(); m++) {
      lists.add(DjlProgram.list(MOMENT_LISTS.get(m) + g, moments.get(g).get(m)));
    }
  }

  private static NDArray rate(NDManager scope, double learningRate) {
    return scope.create(new double[] {learningRate});
  }

  private NDArray count(NDManager scope) {
    return scope.create(new float[] {steps + 1});
  }

  private StepResult stepped(NDManager scope, double loss, double norm) {
    steps++;
    if (recipe.averaged()) {
      double stays = Math.min(recipe.averageDecay(), (1.0 + steps) / (10.0 + steps));
      for (int i = 0; i < averages.size(); i++) {
        NDList towards = i < first.parameters.size() ? first.parameters.get(i) : first.rest;
        if (!towards.isEmpty()) {
          NDArray share = scope.create(new double[] {1 - stays});
          first.loaded.call(
              "average",
              List.of(share),
              List.of(DjlProgram.list("a", averages.get(i)), DjlProgram.list("b", towards)));
        }
      }
    }
    return new StepResult(loss, norm);
  }

  private static double number(NDArray array) {
    return array.getDataType() == DataType.FLOAT64
        ? array.toDoubleArray()[0]
        : array.toFloatArray()[0];
  }

  private List<FloatTensor> parts(FloatTensor batch) {
    int parts = recipe.parts();
    int images = batch.shape().dim(0);
    if (images % parts != 0) {
      throw new ProblemException(
          ProblemKind.USAGE,
          "a batch of "
              + images
              + " images cannot be cut into "
              + parts
              + " equal parts; choose a --batch that is a multiple of "
              + parts);
    }
    int each = batch.data().length / parts;
    List<FloatTensor> cut = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      cut.add(
          new FloatTensor(
              batch.shape().withBatch(images / parts),
              Arrays.copyOfRange(batch.data(), i * each, (i + 1) * each)));
    }
    return cut;
  }

  @Override
  public FloatTensor predict(FloatTensor input) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = DjlEngine.array(scope, input, numerics.precision());
      int groups = first.parameters.size();
      List<NDList> lists = new ArrayList<>();
      for (int g = 0; g < groups; g++) {
        lists.add(
            DjlProgram.list(
                "p" + g, recipe.averaged() ? averages.get(g) : first.parameters.get(g)));
      }
      lists.add(DjlProgram.list("s", recipe.averaged() ? averages.get(groups) : first.rest));
      return DjlEngine.tensor(first.loaded.call("predict", List.of(x), lists).get(0));
    }
  }

  private DjlState state() {
    return new DjlState(
        graph,
        program,
        first.loaded,
        numerics.layout(),
        manager,
        first.parameters,
        first.rest,
        moments,
        averages);
  }

  @Override
  public NamedTensors weights() {
    return state().weights();
  }

  @Override
  public NamedTensors optimizerState() {
    return state().optimizerState();
  }

  @Override
  public Snapshot snapshot() {
    NDManager owner = manager.newSubManager();
    DjlState copy = state().copy(owner);
    return new Snapshot() {
      @Override
      public NamedTensors weights() {
        return copy.weights();
      }

      @Override
      public NamedTensors optimizerState() {
        return copy.optimizerState();
      }

      @Override
      public void close() {
        owner.close();
      }
    };
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public void restore(NamedTensors weights, NamedTensors optimizerState, long steps) {
    weights.requireFor(graph);
    if (recipe.averaged()) {
      Map<String, FloatTensor> stepped = new LinkedHashMap<>();
      graph
          .parameters()
          .keySet()
          .forEach(name -> stepped.put(name, optimizerState.get(DjlState.STEPPED + name)));
      setWeights(new NamedTensors(stepped));
    } else {
      setWeights(weights);
    }
    setMoments(optimizerState);
    setAverages(weights);
    this.steps = steps;
    freeCopies();
  }

  @Override
  public void close() {
    replicas.close();
  }
}
