/**
 * A network as a value: named inputs and outputs, nodes in topological order with the ONNX meaning
 * of their ops, and declared parameters. Weights live beside it in {@link
 * org.xrv.core.tensor.NamedTensors}, by the same names. Nothing here computes or touches files.
 */
package org.xrv.core.graph;
