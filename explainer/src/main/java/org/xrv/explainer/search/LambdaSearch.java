package org.xrv.explainer.search;

import java.util.List;

/** How the range of lambdas is found, and which frames are made of it. */
public sealed interface LambdaSearch permits PublishedSearch, ReachSearch, LambdaRange {
  /** One word for people, such as on the command line. */
  String title();

  /**
   * Finds the range and makes the frames.
   *
   * @param tangent how the prediction starts from lambda 0
   * @param count how many frames, at least 1
   */
  SearchResult search(FrameSource source, Tangent tangent, int count);

  /** Equal distances, both ends included; a single one is the left end. */
  static List<Double> evenly(double left, double right, int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(
            i ->
                count > 1 && i == count - 1
                    ? right
                    : left + i * (right - left) / Math.max(1, count - 1))
        .toList();
  }

  /** Refuses a number of frames that is none. */
  static void requireFrames(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " frames");
    }
  }
}
