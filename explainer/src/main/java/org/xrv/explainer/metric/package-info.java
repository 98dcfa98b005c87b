/** How well a map agrees with what an expert marked. */
package org.xrv.explainer.metric;
