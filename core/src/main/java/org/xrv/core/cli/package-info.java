/**
 * What the four command lines share: running a command, exit codes, one-line errors, suggestions,
 * progress.
 */
package org.xrv.core.cli;
