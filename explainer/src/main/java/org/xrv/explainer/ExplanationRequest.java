package org.xrv.explainer;

import java.util.Objects;
import org.xrv.core.error.ProblemException;
import org.xrv.core.error.ProblemKind;
import org.xrv.explainer.map.DifferenceMap;
import org.xrv.explainer.search.LambdaSearch;
import org.xrv.explainer.search.PublishedSearch;

/**
 * What to explain and how.
 *
 * @param target one of the classifier's
 * @param search how the range of lambdas is found
 * @param frames number of frames, 2 to 200
 * @param map how the frames become a map
 */
public record ExplanationRequest(
    String target, LambdaSearch search, int frames, DifferenceMap map) {
  /** As published. */
  public static final int DEFAULT_FRAMES = 10;

  public ExplanationRequest {
    Objects.requireNonNull(target);
    Objects.requireNonNull(search);
    Objects.requireNonNull(map);
    if (frames < 2 || frames > 200) {
      throw new ProblemException(ProblemKind.USAGE, frames + " frames; 2 to 200 are possible");
    }
  }

  /** The published defaults. */
  public static ExplanationRequest of(String target) {
    return new ExplanationRequest(
        target, PublishedSearch.GIFSPLANATION, DEFAULT_FRAMES, DifferenceMap.MAX);
  }
}
