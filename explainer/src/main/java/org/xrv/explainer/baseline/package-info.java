/** Maps by other methods than Latent Shift, of a classifier alone, for comparison. */
package org.xrv.explainer.baseline;
