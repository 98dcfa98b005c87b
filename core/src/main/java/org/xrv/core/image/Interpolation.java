package org.xrv.core.image;

/** Where a pixel that lies between pixels gets its value from. */
public enum Interpolation {
  /** The nearest one: no new values, which suits masks and is torchvision's default. */
  NEAREST,
  /** A weighted mean of the four around it. */
  BILINEAR
}
