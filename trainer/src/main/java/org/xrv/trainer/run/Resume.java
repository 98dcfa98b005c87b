package org.xrv.trainer.run;

/** What to do with a run that is already in the output directory. */
public enum Resume {
  /** Go on from its newest sound checkpoint; begin when there is none. */
  AUTO,
  /** Begin anew; the earlier run is kept under another name. */
  NEVER,
  /** Go on; an error when there is nothing to go on from. */
  MUST,
  /** Go on with another recipe, which run.json remembers; the network and its data stay. */
  CHANGED
}
