/**
 * Whole runs: settings to data, task, training loop, run directory, exported package. Each run
 * directory says how it came to be.
 */
package org.xrv.trainer.run;
