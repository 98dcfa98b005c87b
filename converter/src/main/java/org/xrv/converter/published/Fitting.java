package org.xrv.converter.published;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xrv.core.architecture.Recognition;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;
import org.xrv.core.tensor.WeightFit;

/** Takes weights for a graph, all of them or none. */
final class Fitting {
  private static final int LISTED = 8;

  private Fitting() {}

  /**
   * The weights of a graph's parameters.
   *
   * @param what the network in words, such as "depth 101 with z 512x3x3"
   * @throws ProblemException BAD_DATA when one is missing, misshapen, has no parameter, or holds
   *     what is no number; the message lists them, and says what the file seems to be
   */
  static NamedTensors weights(WeightFile file, NamedTensors tensors, Graph graph, String what) {
    WeightFit fit = WeightFit.of(graph, tensors);
    if (!fit.isExact()) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          file.what()
              + " does not fit "
              + what
              + ": of "
              + graph.parameters().size()
              + " tensors "
              + fit.differences(LISTED)
              + seems(tensors));
    }
    Map<String, FloatTensor> taken = new LinkedHashMap<>();
    for (String name : fit.fitting()) {
      requireFinite(file, name, tensors.get(name));
      taken.put(name, tensors.get(name));
    }
    return new NamedTensors(taken);
  }

  /** A clause for messages. */
  static String seems(NamedTensors tensors) {
    return Recognition.of(tensors)
        .map(r -> "; it seems to be " + r)
        .orElse(
            "; its names are of no network known here ("
                + WeightFit.some(List.copyOf(tensors.names()))
                + ")");
  }

  private static void requireFinite(WeightFile file, String name, FloatTensor tensor) {
    for (float v : tensor.data()) {
      if (!Float.isFinite(v)) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file.source()
                + ": tensor '"
                + name
                + "' holds "
                + v
                + "; training went astray, or the file is damaged");
      }
    }
  }
}
