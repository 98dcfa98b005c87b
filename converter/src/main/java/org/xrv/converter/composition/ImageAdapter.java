package org.xrv.converter.composition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.GraphBuilder;
import org.xrv.core.graph.Op;
import org.xrv.core.graph.ParameterKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/**
 * From a decoder's image to the image that a classifier takes: channels (1 repeated to 3, 3
 * averaged to 1), resolution (bilinear), range (linear). What is equal already costs nothing.
 */
final class ImageAdapter {
  private final GraphBuilder graph = new GraphBuilder("adapter");
  private final Map<String, FloatTensor> weights = new LinkedHashMap<>();
  private String image;

  private ImageAdapter(Shape from) {
    image = graph.input("image", from.dim(1), from.dim(2), from.dim(3));
  }

  /**
   * Makes the adapter: a graph of one input and one output, the same value where nothing is to do.
   *
   * @throws ProblemException USAGE when there is no way from one shape to the other
   */
  static OnnxModel between(Shape from, PixelRange given, Shape to, PixelRange taken) {
    if (!isImage(from) || !isImage(to)) {
      throw none(from, to, "both must be images [N, channels, height, width]");
    }
    ImageAdapter adapter = new ImageAdapter(from);
    // Averaging first and repeating last: what lies between is done once.
    if (from.dim(1) != to.dim(1)) {
      if (from.dim(1) == 3 && to.dim(1) == 1) {
        adapter.add("gray", new Op.ReduceMean(List.of(1), true));
      } else if (from.dim(1) != 1 || to.dim(1) != 3) {
        throw none(from, to, "channels go from 1 to 3 and from 3 to 1 only");
      }
    }
    adapter.resize(from, to);
    adapter.rescale(given, taken);
    if (from.dim(1) == 1 && to.dim(1) == 3) {
      adapter.image =
          adapter.graph.node(
              "channels", new Op.Concat(1), adapter.image, adapter.image, adapter.image);
    }
    Graph built = adapter.graph.build(adapter.image);
    return new OnnxModel(built, new NamedTensors(adapter.weights));
  }

  private static boolean isImage(Shape shape) {
    return shape.rank() == 4
        && shape.dims().subList(1, 4).stream().noneMatch(d -> d == Shape.UNKNOWN);
  }

  private static ProblemException none(Shape from, Shape to, String why) {
    return new ProblemException(
        ProblemKind.USAGE,
        "the decoder gives " + from + ", the classifier takes " + to + ": " + why);
  }

  private void add(String name, Op op, String... further) {
    String[] inputs = new String[further.length + 1];
    inputs[0] = image;
    System.arraycopy(further, 0, inputs, 1, further.length);
    image = graph.node(name, op, inputs);
  }

  private void resize(Shape from, Shape to) {
    if (from.dim(2) != to.dim(2)) {
      image =
          graph.node(
              "rows", new Op.MatMul(), constant("rows.weight", from.dim(2), to.dim(2)), image);
    }
    if (from.dim(3) != to.dim(3)) {
      String weight = constant("columns.weight", from.dim(3), to.dim(3));
      add(
          "columns",
          new Op.MatMul(),
          graph.node("turned", new Op.Transpose(List.of(1, 0)), weight));
    }
  }

  private String constant(String name, int from, int to) {
    weights.put(name, Resampling.matrix(from, to));
    return graph.parameter(name, ParameterKind.CONSTANT, to, from);
  }

  private void rescale(PixelRange given, PixelRange taken) {
    double factor = (taken.high() - taken.low()) / (given.high() - given.low());
    double shift = taken.low() - factor * given.low();
    if (factor != 1) {
      add("scaled", new Op.Mul(), graph.node("factor", new Op.Constant((float) factor)));
    }
    if (shift != 0) {
      add("shifted", new Op.Add(), graph.node("shift", new Op.Constant((float) shift)));
    }
  }
}
