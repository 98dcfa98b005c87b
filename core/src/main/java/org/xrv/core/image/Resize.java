package org.xrv.core.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a cropped square is brought to the network's resolution; each has a preprocessing id. */
public enum Resize {
  /**
   * {@link Preprocessing#resize}: smoothing, then linear interpolation, as torchxrayvision does.
   */
  ANTIALIAS("xrv-center-crop-resize-1024"),
  /** {@link AreaResize}: the exact average over each output pixel's area. */
  AREA("xrv-center-crop-area-1024");

  /** Smallest side that is offered, in pixels: a chest on fewer is no picture. */
  public static final int MIN_SIDE = 16;

  /** Largest side that is offered, in pixels: that of NIH's files. */
  public static final int MAX_SIDE = 1024;

  private final String id;

  Resize(String id) {
    this.id = id;
  }

  /** Names the whole preprocessing with this step in model packages and caches. */
  public String id() {
    return id;
  }

  /** The one that a model package's preprocessing id names. */
  public static Optional<Resize> ofId(String id) {
    return Arrays.stream(values()).filter(resize -> resize.id.equals(id)).findFirst();
  }

  /** Every known id, for messages. */
  public static String ids() {
    return Arrays.stream(values())
        .map(resize -> "'" + resize.id + "'")
        .collect(Collectors.joining(" and "));
  }

  /** What the user types: "antialias" or "area". */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A square of another size.
   *
   * @param square [N, N]
   * @param size of the result, in pixels
   */
  public GrayImage apply(GrayImage square, int size) {
    return switch (this) {
      case ANTIALIAS -> Preprocessing.resize(square, size);
      case AREA -> AreaResize.resize(square, size);
    };
  }

  /**
   * Whether a side is offered.
   *
   * @param what it is the side of, for the message
   * @throws org.xrv.core.error.ProblemException USAGE, naming the limits
   */
  public static void requireSide(String what, int side) {
    if (side < MIN_SIDE || side > MAX_SIDE) {
      throw new org.xrv.core.error.ProblemException(
          org.xrv.core.error.ProblemKind.USAGE,
          what + " " + side + "; expected " + MIN_SIDE + " to " + MAX_SIDE + " pixels");
    }
  }
}
