package org.xrv.core.dataset.table;

import org.xrv.core.dataset.OnMissing;
import org.xrv.core.image.Resize;

/**
 * How a data set is to be read.
 *
 * @param missing what to do about rows without an image
 * @param resize of images and masks
 * @param sequential whether the caller reads archives from start to end: then rows whose images may
 *     be in one are samples, and it turns out later which are missing
 */
public record Reading(OnMissing missing, Resize resize, boolean sequential) {
  /** A part of a set is enough. */
  public static final Reading PART = part(Resize.ANTIALIAS);

  /** A part of a set is enough. */
  public static Reading part(Resize resize) {
    return new Reading(OnMissing.SKIP, resize, false);
  }
}
