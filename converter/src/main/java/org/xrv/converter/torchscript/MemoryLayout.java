package org.xrv.converter.torchscript;

/**
 * The order in memory of tensors [N, C, H, W] inside a program. What goes in and comes out has the
 * order of the shape.
 */
public enum MemoryLayout {
  /** N, C, H, W. */
  CONTIGUOUS(0),
  /** N, H, W, C: what oneDNN and tensor cores work in without rearranging. */
  CHANNELS_LAST(2);

  private final int format;

  MemoryLayout(int format) {
    this.format = format;
  }

  /** PyTorch's number of the format (c10/core/MemoryFormat.h). */
  int format() {
    return format;
  }
}
