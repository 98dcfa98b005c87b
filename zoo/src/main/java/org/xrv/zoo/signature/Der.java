package org.xrv.zoo.signature;

import java.io.ByteArrayOutputStream;

/** The little of DER (ITU-T X.690) that has to be written here. */
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int LONGEST_SHORT = 0x7f;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    return tagged(SEQUENCE, content.toByteArray());
  }

  static byte[] bytes(byte[] content) {
    return tagged(OCTET_STRING, content);
  }

  private static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    int length = content.length;
    if (length <= LONGEST_SHORT) {
      all.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
      all.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        all.write(length >>> (8 * i));
      }
    }
    all.writeBytes(content);
    return all.toByteArray();
  }
}
