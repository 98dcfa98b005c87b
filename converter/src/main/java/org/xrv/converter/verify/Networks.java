package org.xrv.converter.verify;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xrv.converter.onnx.OnnxModel;
import org.xrv.converter.onnx.OnnxReader;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.graph.Graphs;
import org.xrv.core.modelpackage.ModelDescription;
import org.xrv.core.tensor.FloatTensor;

/**
 * A model as one network that another library can have.
 *
 * @param exported an autoencoder from image to reconstruction, with its two halves as parts
 * @param batches what it is tried on
 */
public record Networks(ExportedNetwork exported, List<List<FloatTensor>> batches) {
  private static final List<Integer> SIZES = List.of(1, 2);

  /**
   * Reads a package or an ONNX file.
   *
   * @param role only this network of the package
   * @throws ProblemException BAD_DATA when it cannot be read, or has no such role
   */
  public static Networks of(Path source, Optional<String> role) {
    List<TrialNetwork> files = TrialNetwork.of(source, SIZES, Optional.empty());
    if (role.isPresent()) {
      TrialNetwork file =
          files.stream()
              .filter(f -> f.role().equals(role.get()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ProblemException(
                          ProblemKind.USAGE,
                          source
                              + " has no network '"
                              + role.get()
                              + "'; it has "
                              + files.stream().map(TrialNetwork::role).toList()));
      return single(file);
    }
    Map<String, TrialNetwork> byRole = new LinkedHashMap<>();
    files.forEach(f -> byRole.put(f.role(), f));
    TrialNetwork encoder = byRole.get(ModelDescription.ENCODER);
    TrialNetwork decoder = byRole.get(ModelDescription.DECODER);
    if (encoder != null && decoder != null) {
      return autoencoder(encoder, decoder);
    }
    if (files.size() != 1) {
      throw new ProblemException(
          ProblemKind.USAGE,
          source + " has several networks, " + byRole.keySet() + "; name one with --role");
    }
    return single(files.get(0));
  }

  private static OnnxModel read(TrialNetwork file) {
    OnnxModel model = OnnxReader.read(file.file());
    Verification.requireFloats(file.file(), model.graph());
    return model;
  }

  private static Networks single(TrialNetwork file) {
    OnnxModel model = read(file);
    return new Networks(
        new ExportedNetwork(model.graph(), Map.of(), model.weights()), file.batches());
  }

  private static Networks autoencoder(TrialNetwork encoder, TrialNetwork decoder) {
    OnnxModel first = read(encoder);
    OnnxModel second = read(decoder);
    Graph whole;
    try {
      whole = Graphs.chain("autoencoder", first.graph(), second.graph());
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Files of other makers may use a name in both.
      first = prefixed(first, "encoder.");
      second = prefixed(second, "decoder.");
      whole = chained(encoder, decoder, first.graph(), second.graph());
    }
    Map<String, Graph> parts = new LinkedHashMap<>();
    parts.put("encode", first.graph());
    parts.put("decode", second.graph());
    return new Networks(
        new ExportedNetwork(whole, parts, first.weights().with(second.weights())),
        encoder.batches());
  }

  private static Graph chained(
      TrialNetwork encoder, TrialNetwork decoder, Graph first, Graph second) {
    try {
      return Graphs.chain("autoencoder", first, second);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          encoder.file() + " and " + decoder.file() + " do not fit: " + e.getMessage(),
          e);
    }
  }

  private static OnnxModel prefixed(OnnxModel model, String prefix) {
    return new OnnxModel(Graphs.prefixed(model.graph(), prefix), model.weights().prefixed(prefix));
  }
}
