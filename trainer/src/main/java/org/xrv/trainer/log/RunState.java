package org.xrv.trainer.log;

/** What became of a run. */
public enum RunState {
  RUNNING,
  /** On request; the same command goes on. */
  STOPPED,
  /** It ended with an error. */
  FAILED,
  DONE
}
