/** Measurements of loading images, beside the Python way in the same run. */
package org.xrv.trainer.bench;
