/** Explanations as files: an animated GIF, a PNG panel, and a JSON document. */
package org.xrv.explainer.render;
