package org.xrv.trainer.data;

/** What to do about an image that cannot be read. */
public enum OnUnreadable {
  /** Leave it out, count it and name it. */
  SKIP,
  /** Stop, naming it. */
  FAIL
}
