package org.xrv.converter.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.xrv.core.graph.Graph;
import org.xrv.core.tensor.NamedTensors;

/**
 * A network as it leaves for another library.
 *
 * @param whole what a caller runs
 * @param parts parts of it that a caller may run by name ("encode", "decode"), for formats that
 *     have methods; with the same parameters
 * @param weights of all of them
 */
public record ExportedNetwork(Graph whole, Map<String, Graph> parts, NamedTensors weights) {
  public ExportedNetwork {
    Objects.requireNonNull(whole);
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    weights.requireFor(whole);
    parts.values().forEach(weights::requireFor);
  }
}
