package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.given.GivenModel;
import org.xrv.converter.onnxruntime.OnnxRunner;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Shape;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.modelpackage.ModelPackage;
import org.xrv.core.tensor.FloatTensor;

/**
 * An ONNX file that is to be compared, and what it is run on.
 *
 * @param role in its package ("encoder"), or the file's name where it is in none
 * @param batches inputs by their order in the file, each list being one run
 */
public record TrialNetwork(String role, Path file, List<List<FloatTensor>> batches) {
  public TrialNetwork {
    batches = batches.stream().map(List::copyOf).toList();
  }

  /**
   * The networks of a model package, or a single file. A package's networks are given phantom
   * X-rays, a decoder what the encoder makes of them. A file is given phantom X-rays where its only
   * input has the shape of images, else noise.
   *
   * @param sizes of the batches
   * @param range of the pixels, where the caller knows better than the package
   * @throws ProblemException BAD_DATA when there is no such package or file, or it cannot be run
   */
  public static List<TrialNetwork> of(
      Path target, List<Integer> sizes, Optional<ParityInputs> range) {
    GivenModel given = GivenModel.at(target);
    if (given.described().isEmpty()) {
      return List.of(
          new TrialNetwork(
              target.getFileName().toString(),
              target,
              inputs(given.network(), sizes, range.orElseGet(ParityInputs::usual))));
    }
    ModelPackage model = given.described().get();
    ParityInputs pixels =
        range.orElseGet(
            () ->
                new ParityInputs(
                    model.description().preprocessing().low(),
                    model.description().preprocessing().high()));
    List<TrialNetwork> networks = new ArrayList<>();
    Map<String, List<List<FloatTensor>>> made = new LinkedHashMap<>();
    List<String> roles = new ArrayList<>(model.description().files().keySet());
    if (roles.remove(ModelDescription.ENCODER)) {
      roles.add(0, ModelDescription.ENCODER); // its results are what the decoder is given
    }
    for (String role : roles) {
      Path file = model.file(role);
      if (!file.getFileName().toString().endsWith(".onnx")) {
        continue;
      }
      List<List<FloatTensor>> batches =
          role.equals(ModelDescription.DECODER) && made.containsKey(ModelDescription.ENCODER)
              ? made.get(ModelDescription.ENCODER)
              : inputs(file, sizes, pixels);
      if (role.equals(ModelDescription.ENCODER)) {
        made.put(role, outputs(file, batches));
      }
      networks.add(new TrialNetwork(role, file, batches));
    }
    return networks;
  }

  private static List<List<FloatTensor>> inputs(
      Path file, List<Integer> sizes, ParityInputs pixels) {
    Map<String, Shape> shapes;
    try (OnnxRunner runner = OnnxRunner.open(file, Parity.THREADS)) {
      shapes = runner.inputShapes();
    }
    if (shapes.size() == 1) {
      Shape shape = shapes.values().iterator().next();
      if (ParityInputs.drawable(shape)) {
        return pixels.images(shape.dim(1), shape.dim(2), shape.dim(3), fixed(shape, sizes));
      }
    }
    List<List<FloatTensor>> batches = new ArrayList<>();
    for (int size : shapes.values().stream().findFirst().map(s -> fixed(s, sizes)).orElse(sizes)) {
      List<FloatTensor> batch = new ArrayList<>();
      shapes.forEach(
          (name, shape) -> batch.add(ParityInputs.noise(name, sized(name, shape, size))));
      batches.add(batch);
    }
    return batches;
  }

  /** A file that was exported for one batch size takes no other. */
  private static List<Integer> fixed(Shape shape, List<Integer> sizes) {
    return shape.rank() == 0 || shape.dim(0) == Shape.UNKNOWN ? sizes : List.of(shape.dim(0));
  }

  private static Shape sized(String input, Shape shape, int batch) {
    List<Integer> dims = new ArrayList<>(shape.dims());
    for (int i = 0; i < dims.size(); i++) {
      if (dims.get(i) == Shape.UNKNOWN) {
        if (i > 0) {
          throw new ProblemException(
              ProblemKind.BAD_DATA,
              "input '"
                  + input
                  + "' has shape "
                  + shape
                  + "; only the batch size may be open, export the network with fixed sizes");
        }
        dims.set(i, batch);
      }
    }
    return new Shape(dims);
  }

  private static List<List<FloatTensor>> outputs(Path file, List<List<FloatTensor>> batches) {
    try (OnnxRunner runner = OnnxRunner.open(file, Parity.THREADS)) {
      return batches.stream()
          .map(batch -> List.copyOf(runner.run(named(runner, batch)).values()))
          .toList();
    }
  }

  static Map<String, FloatTensor> named(OnnxRunner runner, List<FloatTensor> batch) {
    Map<String, FloatTensor> named = new LinkedHashMap<>();
    int i = 0;
    for (String input : runner.inputs()) {
      named.put(input, batch.get(i++));
    }
    return named;
  }
}
