package org.xrv.zoo.signature;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The Dead Simple Signing Envelope 1.0, of which this is all that can go wrong. */
final class Dsse {
  private Dsse() {}

  /**
   * What is signed (pre-authentication encoding): {@code DSSEv1 LENGTH TYPE LENGTH PAYLOAD},
   * lengths in bytes as decimal numbers, so that no type and payload can be taken for others.
   */
  static byte[] encoded(String payloadType, byte[] payload) {
    byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream all = new ByteArrayOutputStream(payload.length + type.length + 40);
    all.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.UTF_8));
    all.writeBytes(type);
    all.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
    all.writeBytes(payload);
    return all.toByteArray();
  }
}
