/**
 * How well scores tell two kinds apart, and how scores become probabilities that hold: areas under
 * curves, operating points, calibration. Plain arithmetic in float64.
 */
package org.xrv.trainer.metric;
