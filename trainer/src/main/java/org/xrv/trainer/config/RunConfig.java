package org.xrv.trainer.config;

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
}
