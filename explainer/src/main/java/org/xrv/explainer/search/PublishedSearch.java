package org.xrv.explainer.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The two published searches: from lambda 0 to the left, step by step, until the prediction has
 * fallen enough or something forbids more. Both keep the right bound at 0. The lambdas to look at
 * do not depend on what is seen there, so a few are evaluated ahead in one batch.
 */
public enum PublishedSearch implements LambdaSearch {
  /** The code published with the paper in 2021. */
  GIFSPLANATION {
    @Override
    StopReason stop(Frame now, Frame origin) {
      if (origin.prediction() - 0.15 > now.prediction()) {
        return StopReason.PREDICTION_FELL;
      }
      return now.lambda() <= -1000 ? StopReason.LAMBDA_LIMIT : null;
    }

    @Override
    double next(double lambda) {
      return lambda - (Math.abs(lambda) < 10 ? 1 : 10);
    }

    /** NumPy's arange(left, 0, abs(left / count)): lambda 0 is left out. */
    @Override
    List<Double> lambdas(double left, int count) {
      if (left == 0) {
        return List.of(0.0);
      }
      double step = Math.abs(left / count);
      long length = (long) Math.ceil((0 - left) / step);
      double delta = left + step - left; // as NumPy fills, rounding included
      List<Double> lambdas = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        lambdas.add(left + i * delta);
      }
      return lambdas;
    }
  },

  /** The later library of the same authors. */
  LATENTSHIFT {
    @Override
    StopReason stop(Frame now, Frame origin) {
      if (now.prediction() < 0.05) {
        return StopReason.PREDICTION_LOW;
      } else if (origin.prediction() - 0.8 > now.prediction()) {
        return StopReason.PREDICTION_FELL;
      } else if (now.lambda() <= -3000) {
        return StopReason.LAMBDA_LIMIT;
      }
      return now.change(origin) > 0.05 ? StopReason.PIXEL_CHANGE : null;
    }

    @Override
    double next(double lambda) {
      return lambda - 10 + Math.floor(lambda / 10);
    }

    /** NumPy's linspace(left, 0, count): both ends are included. */
    @Override
    List<Double> lambdas(double left, int count) {
      List<Double> lambdas = new ArrayList<>();
      double step = -left / Math.max(1, count - 1);
      for (int i = 0; i < count; i++) {
        lambdas.add(i == count - 1 && count > 1 ? 0.0 : i * step + left);
      }
      return lambdas;
    }
  };

  /** Large enough to keep all cores busy, small enough that little is computed in vain. */
  private static final int AHEAD = 4;

  /** The reason to stop at this frame, or null to go on. */
  abstract StopReason stop(Frame now, Frame origin);

  abstract double next(double lambda);

  abstract List<Double> lambdas(double left, int count);

  @Override
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The published searches do without the tangent. */
  @Override
  public SearchResult search(FrameSource source, Tangent tangent, int count) {
    LambdaSearch.requireFrames(count);
    List<Step> steps = new ArrayList<>();
    Frame origin = null;
    double last = 0;
    double lambda = 0;
    while (true) {
      List<Double> ahead = new ArrayList<>();
      for (int i = 0; i < AHEAD; i++) {
        ahead.add(lambda);
        lambda = next(lambda);
      }
      for (Frame now : source.at(ahead)) {
        if (origin == null) {
          origin = now;
          last = now.prediction();
        }
        steps.add(new Step(now.lambda(), now.prediction(), now.change(origin)));
        StopReason reason =
            last < now.prediction() ? StopReason.PREDICTION_ROSE : stop(now, origin);
        if (reason != null) {
          List<Frame> frames = source.at(lambdas(now.lambda(), count));
          return new SearchResult(
              new Bound(now.lambda(), reason),
              new Bound(0, StopReason.RECONSTRUCTION),
              steps,
              origin,
              frames);
        }
        last = now.prediction();
      }
    }
  }
}
