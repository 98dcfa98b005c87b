package org.xrv.trainer.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.torchscript.MemoryLayout;
import org.xrv.converter.torchscript.TrainingProgram;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Parameter;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * What a session remembers from step to step, as arrays: the live one, or a copy of it.
 *
 * @param packing brings lists between the order of steps and that of the shapes
 * @param manager of temporary arrays
 * @param parameters by group
 * @param moments by group, then in the order of {@link #MOMENTS}
 * @param averages by group, then those of the running statistics; empty without averaging
 */
record DjlState(
    Graph graph,
    TrainingProgram program,
    DjlProgram packing,
    MemoryLayout layout,
    NDManager manager,
    List<NDList> parameters,
    NDList rest,
    List<List<NDList>> moments,
    List<NDList> averages) {
  /** PyTorch's names of Adam's. */
  static final List<String> MOMENTS = List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq");

  /** In the optimizer's state, the weights that are stepped, when the weights are their average. */
  static final String STEPPED = "stepped/";

  /** The same values in arrays that a manager owns. */
  DjlState copy(NDManager owner) {
    return new DjlState(
        graph,
        program,
        packing,
        layout,
        owner,
        copies(parameters, owner),
        DjlReplica.copied(rest, owner),
        moments.stream().map(lists -> copies(lists, owner)).toList(),
        copies(averages, owner));
  }

  private static List<NDList> copies(List<NDList> lists, NDManager owner) {
    return lists.stream().map(list -> DjlReplica.copied(list, owner)).toList();
  }

  NamedTensors weights() {
    return averages.isEmpty()
        ? stepped()
        : named(averages.subList(0, averages.size() - 1), averages.get(averages.size() - 1));
  }

  private NamedTensors stepped() {
    return named(parameters, rest);
  }

  private NamedTensors named(List<NDList> groups, NDList statistics) {
    Map<String, FloatTensor> all = new HashMap<>();
    try (NDManager scope = manager.newSubManager()) {
      for (int g = 0; g < groups.size(); g++) {
        List<Parameter> group = program.groups().get(g).parameters();
        DjlEngine.named(group, "", unpacked(scope, g, groups.get(g)), all);
      }
    }
    DjlEngine.named(program.rest(), "", statistics, all);
    Map<String, FloatTensor> ordered = new LinkedHashMap<>();
    graph.parameters().keySet().forEach(name -> ordered.put(name, all.get(name)));
    return new NamedTensors(ordered);
  }

  NamedTensors optimizerState() {
    Map<String, FloatTensor> all = new LinkedHashMap<>();
    for (int m = 0; m < moments.get(0).size(); m++) {
      for (int g = 0; g < moments.size(); g++) {
        List<Parameter> group = program.groups().get(g).parameters();
        try (NDManager scope = manager.newSubManager()) {
          NDList list = unpacked(scope, g, moments.get(g).get(m));
          DjlEngine.named(group, MOMENTS.get(m) + "/", list, all);
        }
      }
    }
    if (!averages.isEmpty()) {
      stepped().tensors().forEach((name, t) -> all.put(STEPPED + name, t));
    }
    return new NamedTensors(all);
  }

  /** The values in the order of the shapes; what is new belongs to the scope. */
  private NDList unpacked(NDManager scope, int group, NDList list) {
    return layout == MemoryLayout.CONTIGUOUS
        ? list
        : rearranged(packing, scope, "unpack" + group, list);
  }

  static NDList rearranged(DjlProgram program, NDManager owner, String method, NDList list) {
    try (NDArray anchor = owner.create(0f)) {
      return program.call(method, List.of(anchor), List.of(DjlProgram.list("l", list)));
    }
  }
}
