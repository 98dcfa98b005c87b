/**
 * From the weights of the published PyTorch checkpoints, whatever file they come in, to networks:
 * names and shapes tell which, and what does not fit is refused.
 */
package org.xrv.converter.published;
