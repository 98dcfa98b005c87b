package org.xrv.core.graph;

/** Element types of values, with ONNX's meaning. */
public enum ElementType {
  FLOAT,
  DOUBLE,
  FLOAT16,
  INT64,
  BOOL
}
