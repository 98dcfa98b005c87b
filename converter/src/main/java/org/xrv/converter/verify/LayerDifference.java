package org.xrv.converter.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far runtimes, or two files, are apart at one value within a network.
 *
 * @param network its role or file
 * @param node that makes the value
 * @param op ONNX's name of the node's operator
 * @param value its name
 * @param byRuntime differences from the reference
 */
public record LayerDifference(
    String network, String node, String op, String value, Map<String, Difference> byRuntime) {
  public LayerDifference {
    byRuntime = Collections.unmodifiableMap(new LinkedHashMap<>(byRuntime));
  }

  /** Whether every runtime is within a limit. */
  public boolean within(double limit) {
    return byRuntime.values().stream().allMatch(d -> d.within(limit));
  }
}
