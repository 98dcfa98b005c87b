package org.xrv.converter.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
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
 * OnnxWriter} writes and what PyTorch exports of image classifiers, from ResNet to ViT: shapes,
 * axes and bounds that ONNX takes as constant inputs become attributes, ops that {@link
 * org.xrv.core.graph.Op} lacks are made of those it has, float16, bfloat16 and double become
 * float32, and weights may lie in files beside the model.
 */
public final class OnnxReader {
  /** A file of more bytes is refused; protobuf itself ends at 2 GiB. */
  public static final long MAX_BYTES = Integer.MAX_VALUE - 1024L;

  /** A graph of more nodes is refused. */
  public static final int MAX_NODES = 100_000;

  private static final long OLDEST_OPSET = 9;
  private static final long NEWEST_OPSET = 28;

  private OnnxReader() {}

  /**
   * Reads a file.
   *
   * @throws ProblemException BAD_DATA, naming the file, when it is missing, truncated, too large,
   *     has NaN among its weights, or uses what a graph cannot express; then it names op, node and
   *     opset
   */
  public static OnnxModel read(Path file) {
    return open(file, (source, parsed, tensors) -> read(file.toString(), parsed, tensors));
  }

  /** What a file says about itself, without its weights; works for ops that are not known too. */
  public static OnnxFacts facts(Path file) {
    return open(file, (source, parsed, tensors) -> OnnxFacts.of(parsed, source.size()));
  }

  /**
   * Reads a model from its bytes.
   *
   * @param source names the model in messages
   */
  public static OnnxModel read(String source, byte[] bytes) {
    try {
      ByteSource in = ByteSource.of(bytes);
      try (ExternalFiles none = new ExternalFiles(null)) {
        return read(source, parse(source, in), new TensorReader(in, none));
      }
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  private interface Use<T> {
    T apply(ByteSource source, ModelFile parsed, TensorReader tensors) throws IOException;
  }

  private static <T> T open(Path file, Use<T> use) {
    if (!Files.isRegularFile(file)) {
      throw new ProblemException(ProblemKind.BAD_DATA, file + ": no such model file");
    }
    try (FileChannel channel = FileChannel.open(file);
        ExternalFiles external = new ExternalFiles(file.toAbsolutePath().getParent())) {
      if (channel.size() > MAX_BYTES) {
        throw new ProblemException(
            ProblemKind.BAD_DATA,
            file + ": " + channel.size() + " bytes; models up to " + MAX_BYTES + " bytes are read");
      }
      ByteSource source = ByteSource.of(channel);
      return use.apply(source, parse(file.toString(), source), new TensorReader(source, external));
    } catch (IOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static OnnxModel read(String source, ModelFile file, TensorReader tensors) {
    ModelProto model = file.head();
    if (file.graph().getNodeCount() > MAX_NODES) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          source + ": more than " + MAX_NODES + " nodes; no chest X-ray network needs as many");
    }
    long opset = opset(source, model);
    Map<String, String> metadata = new TreeMap<>();
    model.getMetadataPropsList().forEach(p -> metadata.put(p.getKey(), p.getValue()));
    Weights weights;
    try {
      weights = Weights.read(file.graph(), file.weights(), tensors);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, source + ": " + OneLine.of(e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA, source + ": cannot be read: " + e.getCause().getMessage(), e);
    }
    GraphReader open = new GraphReader(source, opset, file.graph(), weights, tensors, true);
    try {
      return open.read(metadata);
    } catch (ProblemException e) {
      if (!open.isOpened()) {
        throw e;
      }
      // Made for one image, and something in it holds to that.
      return new GraphReader(source, opset, file.graph(), weights, tensors, false).read(metadata);
    }
  }

  /** A model whole, with its weights: for those that change it and write it again. */
  static ModelProto parse(String source, byte[] bytes) throws IOException {
    parse(source, ByteSource.of(bytes)); // says what is wrong with it
    return ModelProto.parseFrom(bytes);
  }

  private static ModelFile parse(String source, ByteSource in) throws IOException {
    try {
      return ModelFile.parse(in);
    } catch (InvalidProtocolBufferException | WireReader.MalformedException | EOFException e) {
      throw new ProblemException(
          ProblemKind.BAD_DATA,
          source
              + ": not an ONNX model, or truncated ("
              + OneLine.of(e.getMessage())
              + "); copy or export it again",
          e);
    }
  }

  static long opset(ModelProto model) {
    long version = 0;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (GraphReader.isStandard(set.getDomain())) {
        version = set.getVersion();
      }
    }
    return version;
  }

  private static long opset(String source, ModelProto model) {
    long version = opset(model);
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
