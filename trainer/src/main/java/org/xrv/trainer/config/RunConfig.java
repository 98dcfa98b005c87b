package org.xrv.trainer.config;

import org.xrv.core.graph.Graph;

/** What every kind of training has. */
public interface RunConfig {
  DataSettings data();

  TrainSettings train();

  CheckpointSettings checkpoint();

  GuardSettings guard();

  /** Where the run goes; empty for a name made of its settings under runs/. */
  String out();

  /** Height and width of the images. */
  int resolution();

  /** The network, from the image to what the loss compares. */
  Graph network();
}
