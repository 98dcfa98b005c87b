/**
 * Reverse-mode differentiation of a graph into another graph, so that gradients run wherever ONNX
 * runs.
 */
package org.xrv.converter.autodiff;
