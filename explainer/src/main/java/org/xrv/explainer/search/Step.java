package org.xrv.explainer.search;

/**
 * One decision of a search.
 *
 * @param change sum of absolute pixel differences from the reconstruction, as a share of the
 *     reconstruction's sum of absolute pixels
 */
public record Step(double lambda, double prediction, double change) {}
