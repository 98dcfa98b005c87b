package org.xrv.trainer.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.xrv.converter.torchscript.MemoryLayout;

/** The order of activations and filters in memory. */
public enum LayoutName {
  /** Batch, channel, height, width. */
  @JsonProperty("contiguous")
  CONTIGUOUS(MemoryLayout.CONTIGUOUS),
  /** Batch, height, width, channel. */
  @JsonProperty("channels-last")
  CHANNELS_LAST(MemoryLayout.CHANNELS_LAST);

  private final MemoryLayout layout;

  LayoutName(MemoryLayout layout) {
    this.layout = layout;
  }

  public MemoryLayout layout() {
    return layout;
  }
}
