/**
 * From a data set to batches: order, augmentation and unreadable images are functions of (seed,
 * epoch, sample), whatever the number of threads.
 */
package org.xrv.trainer.data;
