package org.xrv.core.dataset.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How pixels are stored; always little-endian. */
public enum PixelEncoding {
  /** The preprocessed values themselves. */
  FLOAT32(4),
  /**
   * Whole numbers in steps of range / 32767: pixels in [-1024, 1024] are off by at most 1/64, a
   * 514th of a grey level of an 8-bit file.
   */
  INT16(2);

  private static final float STEPS = 32767;
  private static final ThreadLocal<short[]> STEPS_OF_THREAD =
      ThreadLocal.withInitial(() -> new short[0]);
  private final int bytes;

  PixelEncoding(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a pixel. */
  public int bytes() {
    return bytes;
  }

  /**
   * Stores pixels from the beginning of a buffer.
   *
   * @param range the pixels lie in [-range, range]
   * @param to holds {@code bytes() * pixels.length} bytes
   */
  void encode(float[] pixels, float range, byte[] to) {
    ByteBuffer buffer = ByteBuffer.wrap(to).order(ByteOrder.LITTLE_ENDIAN);
    if (this == FLOAT32) {
      buffer.asFloatBuffer().put(pixels);
      return;
    }
    short[] steps = new short[pixels.length];
    for (int i = 0; i < steps.length; i++) {
      float step = Math.round(pixels[i] * (STEPS / range));
      steps[i] = (short) Math.max(-STEPS, Math.min(STEPS, step));
    }
    buffer.asShortBuffer().put(steps);
  }

  /**
   * Reads pixels.
   *
   * @param from one image, in little-endian order, from its position to its limit
   */
  void decode(ByteBuffer from, float range, float[] pixels) {
    ByteBuffer image = from.duplicate().order(ByteOrder.LITTLE_ENDIAN); // duplicates forget it
    if (this == FLOAT32) {
      image.asFloatBuffer().get(pixels);
      return;
    }
    // In bulk, then converted: a loop over the buffer itself checks its limits at each pixel.
    short[] steps = STEPS_OF_THREAD.get();
    if (steps.length < pixels.length) {
      steps = new short[pixels.length];
      STEPS_OF_THREAD.set(steps);
    }
    image.asShortBuffer().get(steps, 0, pixels.length);
    convert(steps, range / STEPS, pixels);
  }

  private static void convert(short[] steps, float step, float[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = steps[i] * step;
    }
  }
}
