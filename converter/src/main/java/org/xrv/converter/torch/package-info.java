/**
 * Reads the checkpoints that PyTorch writes (torch.save): a pickle and the raw values of tensors.
 * Nothing in them is executed.
 */
package org.xrv.converter.torch;
