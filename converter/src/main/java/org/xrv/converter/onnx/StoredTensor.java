package org.xrv.converter.onnx;

import org.xrv.converter.onnx.proto.TensorProto;

/**
 * A tensor of a file, its numbers perhaps still there.
 *
 * @param proto all of it, or all but its raw data
 * @param position where the raw data are in the file, or -1 when the proto has all there is
 * @param length bytes of the raw data
 */
record StoredTensor(TensorProto proto, long position, long length) {
  static StoredTensor whole(TensorProto proto) {
    return new StoredTensor(proto, -1, 0);
  }

  boolean isInFile() {
    return position >= 0;
  }
}
