package org.xrv.core.dataset.phantom;

/**
 * Where a growth or an opacity is, in cm of the scene before projection.
 *
 * @param side -1 for the right lung (left in the picture), +1 for the left
 * @param x of its middle
 * @param y of its middle
 * @param z of its middle
 */
record Site(int side, double x, double y, double z) {}
