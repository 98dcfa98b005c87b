package org.xrv.explainer.search;

import java.util.List;

/** Frames of one image for one target, made on demand. */
@FunctionalInterface
public interface FrameSource {
  /** The frames at these lambdas, in their order; several are made in one batch. */
  List<Frame> at(List<Double> lambdas);
}
