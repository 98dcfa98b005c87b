package org.xrv.converter.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xrv.converter.onnx.proto.AttributeProto;
import org.xrv.converter.onnx.proto.NodeProto;

/** The attributes of one node in a file, with their defaults. */
final class Attributes {
  private final Map<String, AttributeProto> byName = new HashMap<>();

  Attributes(NodeProto node) {
    node.getAttributeList().forEach(a -> byName.put(a.getName(), a));
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  AttributeProto get(String name) {
    return byName.get(name);
  }

  int integer(String name, int otherwise) {
    return has(name) ? Math.toIntExact(get(name).getI()) : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  float real(String name, float otherwise) {
    return has(name) ? get(name).getF() : otherwise;
  }

  String text(String name, String otherwise) {
    return has(name) ? get(name).getS().toStringUtf8() : otherwise;
  }

  List<Integer> ints(String name, List<Integer> otherwise) {
    return has(name) ? get(name).getIntsList().stream().map(Math::toIntExact).toList() : otherwise;
  }

  /** Whole numbers, those beyond an int as its greatest or smallest. */
  List<Integer> saturated(String name) {
    return get(name).getIntsList().stream()
        .map(v -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, v)))
        .toList();
  }

  /** Refuses a value other than the one that a graph can express. */
  void require(String name, int value) {
    if (integer(name, value) != value) {
      throw new IllegalArgumentException(name + " = " + integer(name, value) + " is not supported");
    }
  }
}
