/** Whose signatures count for which models, and what is refused without one. */
package org.xrv.zoo.trust;
