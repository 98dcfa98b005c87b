package org.xrv.converter.composition;

import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;

/**
 * Which numbers black and white are.
 *
 * @param low black
 * @param high white
 */
public record PixelRange(double low, double high) {
  /** That of torchxrayvision, and of everything that this toolkit trains. */
  public static final PixelRange XRV = new PixelRange(-1024, 1024);

  public PixelRange {
    if (!(low < high) || !Double.isFinite(high - low)) {
      throw new ProblemException(
          ProblemKind.USAGE, "a range of pixels from " + low + " to " + high + "; low < high is");
    }
  }

  @Override
  public String toString() {
    return "[" + low + ", " + high + "]";
  }
}
