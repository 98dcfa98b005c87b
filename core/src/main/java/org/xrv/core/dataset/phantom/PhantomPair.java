package org.xrv.core.dataset.phantom;

import org.xrv.core.image.GrayImage;

/**
 * The same patient with and without a finding: all else, noise included, is identical.
 *
 * @param finding that makes the difference
 * @param with the X-ray with the finding, pixels in [-1024, 1024]
 * @param without the X-ray without it
 * @param mask where the finding is, in [0, 1]
 * @param changeMask 1 where the attenuation of the two differs
 */
public record PhantomPair(
    Pathology finding, GrayImage with, GrayImage without, GrayImage mask, GrayImage changeMask) {}
