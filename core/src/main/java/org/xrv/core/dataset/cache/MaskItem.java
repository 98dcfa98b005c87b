package org.xrv.core.dataset.cache;

/**
 * One stored mask.
 *
 * @param sample the position of the sample that it belongs to
 * @param target the finding
 */
record MaskItem(int sample, String target) {}
