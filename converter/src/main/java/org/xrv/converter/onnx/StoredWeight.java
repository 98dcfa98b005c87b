package org.xrv.converter.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.xrv.converter.onnx.proto.StringStringEntryProto;
import org.xrv.converter.onnx.proto.TensorProto;
import org.xrv.core.tensor.FloatTensor;

/**
 * A weight on its way into a file: written from its array in pieces, without a copy of it.
 *
 * @param header everything but the numbers
 * @param offset where the numbers are in the file beside, or {@link #INSIDE}
 */
record StoredWeight(TensorProto header, FloatTensor tensor, long offset) {
  private static final long INSIDE = -1;

  /** As ONNX advises, so that the file can be mapped into memory. */
  private static final long ALIGNMENT = 4096;

  /** Smaller tensors stay with the graph, as they do in PyTorch's exports. */
  private static final int SMALL = 256;

  private static final int CHUNK = 1 << 14;

  static StoredWeight inside(String name, FloatTensor tensor) {
    return new StoredWeight(header(name, tensor).build(), tensor, INSIDE);
  }

  /** Beside the model at the next aligned position, or inside when it is small. */
  static StoredWeight beside(String name, FloatTensor tensor, String location, long from) {
    if (tensor.data().length < SMALL) {
      return inside(name, tensor);
    }
    long offset = (from + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    TensorProto header =
        header(name, tensor)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location))
            .addExternalData(entry("offset", Long.toString(offset)))
            .addExternalData(entry("length", Long.toString(4L * tensor.data().length)))
            .build();
    return new StoredWeight(header, tensor, offset);
  }

  private static TensorProto.Builder header(String name, FloatTensor tensor) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.FLOAT_VALUE)
        .addAllDims(tensor.shape().dims().stream().map(Integer::longValue).toList());
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** Where the file beside ends after it. */
  long end(long before) {
    return offset == INSIDE ? before : offset + bytes();
  }

  private long bytes() {
    return 4L * tensor.data().length;
  }

  /** The bytes of the message. */
  long size() {
    if (offset != INSIDE) {
      return header.getSerializedSize();
    }
    return header.getSerializedSize()
        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
        + CodedOutputStream.computeUInt64SizeNoTag(bytes())
        + bytes();
  }

  /** Writes the message. */
  void writeTo(CodedOutputStream out) throws IOException {
    header.writeTo(out);
    if (offset == INSIDE) {
      out.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt64NoTag(bytes());
      numbers(out::writeRawBytes);
    }
  }

  /** The message as a value, with a copy of the numbers. */
  TensorProto whole() {
    ByteString.Output raw = ByteString.newOutput(Math.toIntExact(bytes()));
    try {
      numbers((bytes, from, length) -> raw.write(bytes, from, length));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return header.toBuilder().setRawData(raw.toByteString()).build();
  }

  /** Writes the file beside the model. */
  static void writeExternal(List<StoredWeight> weights, OutputStream out) throws IOException {
    long position = 0;
    for (StoredWeight w : weights) {
      if (w.offset != INSIDE) {
        out.write(new byte[Math.toIntExact(w.offset - position)]);
        w.numbers(out::write);
        position = w.offset + w.bytes();
      }
    }
  }

  private interface Sink {
    void write(byte[] bytes, int from, int length) throws IOException;
  }

  private void numbers(Sink out) throws IOException {
    float[] data = tensor.data();
    ByteBuffer chunk =
        ByteBuffer.allocate(4 * Math.min(CHUNK, data.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < data.length; from += CHUNK) {
      int n = Math.min(CHUNK, data.length - from);
      chunk.asFloatBuffer().put(data, from, n);
      out.write(chunk.array(), 0, 4 * n);
    }
  }
}
