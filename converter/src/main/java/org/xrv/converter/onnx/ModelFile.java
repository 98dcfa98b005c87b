package org.xrv.converter.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xrv.converter.onnx.proto.GraphProto;
import org.xrv.converter.onnx.proto.ModelProto;
import org.xrv.converter.onnx.proto.TensorProto;

/**
 * A file taken apart: protobuf reads everything but the weights, whose numbers stay in the file
 * until they are wanted. Read whole by protobuf, a model takes three times its size in memory.
 *
 * @param head the model without its graph
 * @param graph the graph without its weights
 * @param weights the graph's initializers, in their order
 */
record ModelFile(ModelProto head, GraphProto graph, List<StoredTensor> weights) {
  /** Raw data of more bytes stay in the file. */
  private static final int LARGE = 4096;

  /** Messages within messages; subgraphs, which nest, are not read at all. */
  private static final int MAX_DEPTH = 64;

  ModelFile {
    weights = List.copyOf(weights);
  }

  /**
   * Takes a file apart.
   *
   * @throws IOException when it is no model or cannot be read
   */
  static ModelFile parse(ByteSource source) throws IOException {
    WireReader in = new WireReader(source);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    List<StoredTensor> weights = new ArrayList<>();
    boolean hasGraph = false;
    while (in.position() < in.size()) {
      long start = in.position();
      int tag = in.tag();
      if (isMessage(tag, ModelProto.GRAPH_FIELD_NUMBER)) {
        hasGraph = true;
        long length = in.length(in.size());
        graph(in, in.position() + length, graph, weights);
      } else {
        in.skipValue(tag, in.size());
        in.copy(start, in.position(), head);
      }
    }
    ModelProto model = ModelProto.parseFrom(limited(head));
    if (!hasGraph || model.getOpsetImportCount() == 0) {
      throw new WireReader.MalformedException("it has no graph or no operator set");
    }
    return new ModelFile(model, GraphProto.parseFrom(limited(graph)), weights);
  }

  private static CodedInputStream limited(ByteArrayOutputStream bytes) {
    CodedInputStream in = CodedInputStream.newInstance(bytes.toByteArray());
    in.setRecursionLimit(MAX_DEPTH);
    return in;
  }

  private static boolean isMessage(int tag, int number) {
    return WireFormat.getTagFieldNumber(tag) == number
        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private static void graph(
      WireReader in, long end, ByteArrayOutputStream rest, List<StoredTensor> weights)
      throws IOException {
    while (in.position() < end) {
      long start = in.position();
      int tag = in.tag();
      if (isMessage(tag, GraphProto.INITIALIZER_FIELD_NUMBER)) {
        long length = in.length(end);
        weights.add(tensor(in, in.position() + length));
      } else {
        in.skipValue(tag, end);
        in.copy(start, in.position(), rest);
      }
    }
  }

  private static StoredTensor tensor(WireReader in, long end) throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    long position = -1;
    long length = 0;
    while (in.position() < end) {
      long start = in.position();
      int tag = in.tag();
      if (isMessage(tag, TensorProto.RAW_DATA_FIELD_NUMBER)) {
        long n = in.length(end);
        if (n > LARGE) {
          position = in.position();
          length = n;
          in.skip(n);
          continue;
        }
        in.skip(n);
      } else {
        in.skipValue(tag, end);
      }
      in.copy(start, in.position(), rest);
    }
    return new StoredTensor(TensorProto.parseFrom(limited(rest)), position, length);
  }
}
