/** Latent Shift: the gradient in the latent space, and the frames along it. */
package org.xrv.explainer.method;
