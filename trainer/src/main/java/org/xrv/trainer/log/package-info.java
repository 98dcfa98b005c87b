/**
 * What a run leaves to read: metrics.jsonl (the truth about its numbers), timing.jsonl, run.json,
 * pictures.
 */
package org.xrv.trainer.log;
