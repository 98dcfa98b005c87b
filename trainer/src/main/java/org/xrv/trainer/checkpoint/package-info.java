/**
 * The state of a run on disk: weights, optimizer state and position, each checkpoint complete and
 * verified or not there.
 */
package org.xrv.trainer.checkpoint;
