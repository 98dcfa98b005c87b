/**
 * TensorBoard's event files, written from what a run has logged: metrics.jsonl is the truth, these
 * files only show it. Nothing here may stop a run.
 */
package org.xrv.trainer.tensorboard;
