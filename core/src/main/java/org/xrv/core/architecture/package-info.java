/**
 * The networks: each a small record that builds its {@link org.xrv.core.graph.Graph}s, with the
 * parameter names of the published PyTorch checkpoints.
 */
package org.xrv.core.architecture;
