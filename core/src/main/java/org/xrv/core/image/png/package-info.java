/**
 * PNG, the plain kinds of it (8 and 16 bits; grey, RGB, with or without alpha; not interlaced), for
 * speed: only the first channel is unfiltered, into whole numbers. The rest is ImageIO's to read.
 */
package org.xrv.core.image.png;
