package org.xrv.converter.torch;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.tensor.NamedTensors;

/**
 * What a PyTorch checkpoint holds.
 *
 * @param tensors the real ones, as float32, by the names of the state dict
 * @param found where in the file they were, such as "state dict under 'model'"
 * @param converted how many tensors were of another type, by its name; float64 was rounded
 * @param skipped names of tensors of whole or complex numbers, such as num_batches_tracked, and of
 *     empty ones
 * @param network what a network that was saved whole says of itself
 */
public record TorchCheckpoint(
    NamedTensors tensors,
    String found,
    Map<String, Integer> converted,
    List<String> skipped,
    NetworkAttributes network) {
  public TorchCheckpoint {
    converted = Collections.unmodifiableMap(new TreeMap<>(converted));
    skipped = List.copyOf(skipped);
  }
}
