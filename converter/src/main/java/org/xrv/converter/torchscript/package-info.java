/**
 * Compiles a {@link org.xrv.core.graph.Graph} to a TorchScript archive: text generated from the
 * graph, nothing written by hand beside it.
 */
package org.xrv.converter.torchscript;
