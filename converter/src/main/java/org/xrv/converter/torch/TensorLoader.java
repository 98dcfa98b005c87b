package org.xrv.converter.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.core.graph.Shape;
import org.xrv.core.tensor.FloatTensor;
import org.xrv.core.tensor.NamedTensors;

/** Brings tensors into memory: each storage is read once, whatever shares it. */
final class TensorLoader {
  /** Tensors may share storages and repeat values, but not without end. */
  private static final int MOST_PER_BYTE = 16;

  private final CheckpointFile file;
  private final long most;

  /**
   * @param size of the file in bytes
   */
  TensorLoader(CheckpointFile file, long size) {
    this.file = file;
    this.most = size * MOST_PER_BYTE;
  }

  TorchCheckpoint load(StateDict dict) throws IOException {
    List<String> skipped = new ArrayList<>();
    Map<String, Integer> converted = new TreeMap<>();
    Map<StorageRef, List<String>> byStorage = new LinkedHashMap<>();
    long elements = 0;
    for (var entry : dict.tensors().entrySet()) {
      TorchTensor tensor = entry.getValue();
      if (!tensor.type().isReal() || tensor.elements() == 0) {
        skipped.add(entry.getKey());
        continue;
      }
      elements += tensor.elements();
      if (elements > most) {
        throw Unreadable.damaged("its tensors hold more than " + most + " values");
      }
      if (tensor.type() != TorchType.FLOAT32) {
        converted.merge(tensor.type().dtype(), 1, Integer::sum);
      }
      byStorage.computeIfAbsent(tensor.storage(), s -> new ArrayList<>()).add(entry.getKey());
    }
    if (byStorage.keySet().stream().mapToLong(StorageRef::bytes).sum() > most) {
      throw Unreadable.damaged("its storages are said to take more than " + most + " bytes");
    }
    Map<String, FloatTensor> loaded = new LinkedHashMap<>();
    for (var entry : byStorage.entrySet()) {
      ByteBuffer bytes = file.bytes(entry.getKey());
      for (String name : entry.getValue()) {
        loaded.put(name, values(dict.tensors().get(name), bytes));
      }
    }
    Map<String, FloatTensor> ordered = new LinkedHashMap<>();
    dict.tensors().keySet().stream()
        .filter(loaded::containsKey)
        .forEach(name -> ordered.put(name, loaded.get(name)));
    return new TorchCheckpoint(
        new NamedTensors(ordered), dict.found(), converted, skipped, dict.network());
  }

  private static FloatTensor values(TorchTensor tensor, ByteBuffer bytes) {
    float[] data = new float[(int) tensor.elements()];
    int rank = tensor.sizes().size();
    boolean contiguous = tensor.isContiguous();
    long[] index = new long[rank];
    long at = tensor.offset();
    for (int i = 0; i < data.length; i++) {
      data[i] = tensor.type().value(bytes, (int) at);
      if (contiguous) {
        at++;
        continue;
      }
      for (int d = rank - 1; d >= 0; d--) {
        at += tensor.strides().get(d);
        if (++index[d] < tensor.sizes().get(d)) {
          break;
        }
        at -= index[d] * tensor.strides().get(d);
        index[d] = 0;
      }
    }
    return new FloatTensor(new Shape(tensor.sizes().stream().map(Math::toIntExact).toList()), data);
  }
}
