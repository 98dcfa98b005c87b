package org.xrv.core.dataset.phantom;

import java.util.Arrays;

/**
 * Where each ray of a row is inside a solid: from near to far in cm of z; empty: far not above
 * near.
 */
final class Spans {
  final float[] near;
  final float[] far;

  Spans(int count) {
    near = new float[count];
    far = new float[count];
  }

  void clear() {
    Arrays.fill(near, 0);
    Arrays.fill(far, 0);
  }

  /** Clears all but [from, to). */
  void clearOutside(int from, int to) {
    Arrays.fill(near, 0, from, 0);
    Arrays.fill(far, 0, from, 0);
    Arrays.fill(near, to, near.length, 0);
    Arrays.fill(far, to, far.length, 0);
  }

  boolean contains(int ray) {
    return far[ray] > near[ray];
  }

  /** Keeps what is inside the other solid too. */
  void cut(Spans other) {
    for (int i = 0; i < near.length; i++) {
      float from = Math.max(near[i], other.near[i]);
      float to = Math.min(far[i], other.far[i]);
      boolean any = contains(i) && other.contains(i) && to > from;
      near[i] = any ? from : 0;
      far[i] = any ? to : 0;
    }
  }

  /** Extends to hold the other solid too, and what lies between the two on a ray. */
  void hull(Spans other) {
    for (int i = 0; i < near.length; i++) {
      if (other.far[i] > other.near[i]) {
        if (far[i] > near[i]) {
          near[i] = Math.min(near[i], other.near[i]);
          far[i] = Math.max(far[i], other.far[i]);
        } else {
          near[i] = other.near[i];
          far[i] = other.far[i];
        }
      }
    }
  }
}
