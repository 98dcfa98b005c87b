package org.xrv.core.dataset.export;

import java.util.Locale;
import java.util.Optional;
import org.xrv.core.image.GrayImage;

/** The rectangle around the pixels of a mask that are covered by one half or more; in pixels. */
record Box(double left, double top, double width, double height) {
  static Optional<Box> around(GrayImage mask) {
    int left = mask.width();
    int top = mask.height();
    int right = -1;
    int bottom = -1;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.at(y, x) >= 0.5) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    return right < 0
        ? Optional.empty()
        : Optional.of(new Box(left, top, right + 1 - left, bottom + 1 - top));
  }

  Box scaled(double scale) {
    return new Box(left * scale, top * scale, width * scale, height * scale);
  }

  /** "left,top,width,height". */
  String text() {
    return String.format(Locale.ROOT, "%.3f,%.3f,%.3f,%.3f", left, top, width, height);
  }
}
