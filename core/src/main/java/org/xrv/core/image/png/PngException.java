package org.xrv.core.image.png;

import java.io.IOException;

/** What is wrong with a PNG file. */
public final class PngException extends IOException {
  private static final long serialVersionUID = 1L;

  PngException(String message) {
    super(message);
  }
}
