package org.xrv.trainer.config;

/** Who says which images a run validates with. */
public enum SplitName {
  /** The seed: a share of the patients. */
  RANDOM,
  /** The publisher: its training images, and its validation images where it has such. */
  OFFICIAL
}
