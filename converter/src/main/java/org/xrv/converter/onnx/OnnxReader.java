package org.xrv.converter.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.OperatorSetIdProto;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Reads an ONNX file into a graph and its weights, without executing anything. Reads what {@link
 * OnnxWriter} writes and what PyTorch exports for networks made of the ops in {@link
 * org.xrv.core.graph.Op}: one float32 domain, a symbolic batch, weights inside the file. Shapes,
 * axes and bounds that ONNX takes as constant inputs become attributes.
 */
public final class OnnxReader {
  /** A file of more bytes is refused; protobuf itself ends at 2 GiB. */
  public static final long MAX_BYTES = Integer.MAX_VALUE - 1024L;

  /** A graph of more nodes is refused. */
  public static final int MAX_NODES = 100_000;

  /** Messages within messages; subgraphs, which nest, are not read at all. */
  private static final int MAX_DEPTH = 64;

  private static final long OLDEST_OPSET = 9;
  private static final long NEWEST_OPSET = 24;

  private OnnxReader() {}

  /**
   * Reads a file.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing, truncated, too large,
   *     or uses what a graph cannot express; then it names op, node and opset
   */
  public static OnnxModel read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such model file");
    }
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file + ": " + size + " bytes; models up to " + MAX_BYTES + " bytes are read");
      }
      return read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a model from its bytes.
   *
   * @param source names the model in messages
   */
  public static OnnxModel read(String source, byte[] bytes) {
    ModelProto model = parse(source, bytes);
    if (model.getGraph().getNodeCount() > MAX_NODES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          source + ": more than " + MAX_NODES + " nodes; no chest X-ray network needs as many");
    }
    Map<String, String> metadata = new TreeMap<>();
    model.getMetadataPropsList().forEach(p -> metadata.put(p.getKey(), p.getValue()));
    return new GraphReader(source, opset(source, model)).read(model.getGraph(), metadata);
  }

  static ModelProto parse(String source, byte[] bytes) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.setRecursionLimit(MAX_DEPTH);
      ModelProto model = ModelProto.parseFrom(in);
      if (!model.hasGraph() || model.getOpsetImportCount() == 0) {
        throw new ProblemException(ProblemKind.BAD_DATA, source + ": not an ONNX model");
      }
      return model;
    } catch (InvalidProtocolBufferException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          source + ": not an ONNX model, or truncated; copy or export it again",
          e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private static long opset(String source, ModelProto model) {
    long version = 0;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (GraphReader.isStandard(set.getDomain())) {
        version = set.getVersion();
      }
    }
    if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          source
              + ": opset "
              + version
              + "; opsets "
              + OLDEST_OPSET
              + " to "
              + NEWEST_OPSET
              + " are read, export with one of them");
    }
    return version;
  }
}
