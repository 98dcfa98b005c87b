package org.xrv.converter.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.NodeProto;
import org.xrv.converter.onnx.proto.ValueInfoProto;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * An ONNX file whose every value is an output, so that a runtime tells what each node makes. The
 * file may hold ops that no {@link org.xrv.core.graph.Graph} can express.
 *
 * @param model the file's bytes with more outputs
 * @param values in the order of the nodes
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are handed to the runtime as they are
public record LayeredModel(byte[] model, List<Value> values) {
  /**
   * What a node makes.
   *
   * @param node its name, or that of its first output
   * @param op ONNX's name of the operator
   */
  public record Value(String name, String node, String op) {}

  public LayeredModel {
    values = List.copyOf(values);
  }

  /**
   * Reads a file.
   *
   * @throws ProblemException BAD_DATA when it is no ONNX file
   */
  public static LayeredModel of(Path file) {
    ModelProto model;
    try {
      model = OnnxReader.parse(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
    GraphProto.Builder graph = model.getGraph().toBuilder();
    Set<String> outputs = new HashSet<>();
    graph.getOutputList().forEach(o -> outputs.add(o.getName()));
    List<Value> values = new ArrayList<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      String name = node.getName().isEmpty() ? node.getOutput(0) : node.getName();
      for (String output : node.getOutputList()) {
        if (output.isEmpty()) {
          continue; // an optional output that nobody wants
        }
        values.add(new Value(output, name, node.getOpType()));
        if (outputs.add(output)) {
          // Without a type: the runtime infers it.
          graph.addOutput(ValueInfoProto.newBuilder().setName(output));
        }
      }
    }
    return new LayeredModel(model.toBuilder().setGraph(graph).build().toByteArray(), values);
  }
}
