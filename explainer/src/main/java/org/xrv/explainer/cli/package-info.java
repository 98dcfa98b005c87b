/** The command xrv-explain. */
package org.xrv.explainer.cli;
