package org.xrv.converter.torch;

/** Python's bytes; no weight is kept in them, so that only their number is told. */
record PickleBytes(int length) {}
