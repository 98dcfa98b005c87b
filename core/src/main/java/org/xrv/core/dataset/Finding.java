package org.xrv.core.dataset;

/** What a label says about one target. */
public enum Finding {
  PRESENT,
  ABSENT,
  UNKNOWN
}
