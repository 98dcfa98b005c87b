/** The command line xrv-train. */
package org.xrv.trainer.cli;
