package org.xrv.converter.torch;

/** Python's None. */
enum PickleNone {
  NONE
}
