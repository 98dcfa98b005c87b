package org.xrv.converter.optimize;

import java.util.ArrayList;
import java.util.List;
import org.xrv.converter.onnx.OnnxModel;

/** Passes one after another. */
public final class Optimizer {
  private Optimizer() {}

  /**
   * What a pass changed.
   *
   * @param pass its name
   * @param nodesBefore number of nodes that it was given
   * @param nodesAfter number of nodes that it left
   */
  public record Step(String pass, int nodesBefore, int nodesAfter) {}

  /** A network after all passes, and what each of them did. */
  public record Result(OnnxModel model, List<Step> steps) {
    public Result {
      steps = List.copyOf(steps);
    }
  }

  /** The passes that are always right, and the folding of BatchNorm on request. */
  public static List<GraphPass> passes(boolean foldBatchNorm) {
    List<GraphPass> passes = new ArrayList<>();
    passes.add(new RemoveIdentities());
    passes.add(new FoldConstants());
    passes.add(new ShareRepeated());
    if (foldBatchNorm) {
      passes.add(new FoldBatchNorm());
    }
    passes.add(new DropUnused());
    return passes;
  }

  public static Result apply(List<GraphPass> passes, OnnxModel model) {
    OnnxModel now = model;
    List<Step> steps = new ArrayList<>();
    for (GraphPass pass : passes) {
      int before = now.graph().nodes().size();
      now = pass.apply(now);
      steps.add(new Step(pass.name(), before, now.graph().nodes().size()));
    }
    return new Result(now, steps);
  }
}
