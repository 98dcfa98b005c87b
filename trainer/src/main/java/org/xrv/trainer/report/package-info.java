/**
 * A run to look at: report.html, one file that needs no network and no other program, and
 * metrics.csv. Both are made from the run's directory alone; nothing here changes a run.
 */
package org.xrv.trainer.report;
