/**
 * Decoder, classifier and the choice of a target joined to one graph, with the adapters between
 * them: the one place where it is said what Latent Shift differentiates.
 */
package org.xrv.converter.composition;
