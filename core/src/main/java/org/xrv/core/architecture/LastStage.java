package org.xrv.core.architecture;

/**
 * The stride of the encoder's last stage, which makes the latent grid, and the output padding with
 * which the decoder's first stage undoes it.
 *
 * @param stride of the 3x3 convolution with padding 1
 * @param outputPadding of its transposed counterpart, below the stride
 */
record LastStage(int stride, int outputPadding) {
  /** The input of the last stage is the image at a sixteenth of its resolution. */
  static final int REDUCTION = 16;

  static boolean reaches(int resolution, int size) {
    return of(resolution, size) != null;
  }

  /**
   * The stride that takes a grid g = resolution / 16 to the given size, or null when none does. The
   * size is floor((g - 1) / stride) + 1, and transposing gives stride (size - 1) + 1 +
   * outputPadding = g. Of several strides the one with output padding 1 is the published one (14 to
   * 3: stride 6).
   */
  static LastStage of(int resolution, int size) {
    int g = resolution / REDUCTION;
    LastStage best = null;
    for (int stride = 1; stride <= g; stride++) {
      if ((g - 1) / stride + 1 == size) {
        LastStage candidate = new LastStage(stride, g - 1 - stride * (size - 1));
        if (best == null
            || Math.abs(candidate.outputPadding - 1) < Math.abs(best.outputPadding - 1)) {
          best = candidate;
        }
      }
    }
    return best;
  }
}
